package yolompi.predict;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FrameGrabber;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import yolompi.torch.NativeLibraries;

/** Reads the frames of a video file with FFmpeg. */
final class VideoReader implements AutoCloseable {
    static {
        NativeLibraries.load(avutil.class, swresample.class, avcodec.class, avformat.class, swscale.class);
        avutil.av_log_set_level(avutil.AV_LOG_QUIET); // errors become exceptions
    }

    private final InputFile file;
    private final FFmpegFrameGrabber video;
    private int framesRead;

    private VideoReader(InputFile file, FFmpegFrameGrabber video) {
        this.file = file;
        this.video = video;
    }

    /**
     * Opens a video.
     *
     * @throws IOException if FFmpeg can't read it
     */
    static VideoReader open(InputFile file) throws IOException {
        FFmpegFrameGrabber video = new FFmpegFrameGrabber(file.path().toFile());
        try {
            video.start();
        } catch (FrameGrabber.Exception e) {
            video.close();
            throw new IOException("FFmpeg can't read it as a video: " + FfmpegWords.of(e), e);
        }
        if (!video.hasVideo()) {
            video.close();
            throw new IOException("has no video stream");
        }
        return new VideoReader(file, video);
    }

    /** Number of frames according to the file; 0 if the file does not state it or can't be read. */
    static int framesOf(InputFile file) {
        try (VideoReader reader = open(file)) {
            return Math.max(0, reader.video.getLengthInVideoFrames());
        } catch (IOException e) {
            return 0;
        }
    }

    InputFile file() {
        return file;
    }

    /** Number of frames that {@link #next} has returned. */
    int framesRead() {
        return framesRead;
    }

    /**
     * The next frame, upright, as the bytes of a BMP file, which is lossless and fast to create;
     * empty at the end.
     *
     * @throws IOException if the video is damaged from here on
     */
    Optional<Frame> next() throws IOException {
        try {
            org.bytedeco.javacv.Frame frame = video.grabImage();
            if (frame == null) {
                return Optional.empty();
            }
            byte[] bytes = bmp(frame); // now: the next frame reuses this memory
            return Optional.of(new Frame(file, OptionalInt.of(framesRead++), video.getVideoFrameRate(), () -> bytes));
        } catch (FrameGrabber.Exception e) {
            throw new IOException(FfmpegWords.of(e), e);
        }
    }

    private byte[] bmp(org.bytedeco.javacv.Frame frame) {
        try (Pointer pixels = new Pointer(frame.image[0]);
                Mat stored =
                        new Mat(frame.imageHeight, frame.imageWidth, opencv_core.CV_8UC3, pixels, frame.imageStride);
                Mat upright = upright(stored);
                BytePointer bytes = new BytePointer()) {
            opencv_imgcodecs.imencode(".bmp", upright, bytes);
            byte[] file = new byte[(int) bytes.limit()];
            bytes.get(file);
            return file;
        }
    }

    /** Rotates a frame as the file requires: a phone held upright records sideways. */
    private Mat upright(Mat stored) {
        int quarters = Math.floorMod((int) Math.round(video.getDisplayRotation() / 90), 4); // counter-clockwise
        if (quarters == 0) {
            return new Mat(stored);
        }
        Mat turned = new Mat();
        int[] codes = {opencv_core.ROTATE_90_COUNTERCLOCKWISE, opencv_core.ROTATE_180, opencv_core.ROTATE_90_CLOCKWISE};
        opencv_core.rotate(stored, turned, codes[quarters - 1]);
        return turned;
    }

    @Override
    public void close() throws IOException {
        video.close();
    }
}
