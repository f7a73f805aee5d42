package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.FrameRecorder;
import org.bytedeco.javacv.Java2DFrameConverter;

/** Writes an MP4 file (H.264, without sound), under another name until it is whole. */
final class VideoWriter {
    private static final double BITS_PER_PIXEL = 0.15;
    /** Slow videos change more from frame to frame, and get the bits of this many frames a second. */
    private static final double LEAST_RATE_FOR_BITS = 24;

    private static final double SLOWEST = 0.1;

    private final InputFile input;
    private final Path file;
    private final Path unfinished;
    private final FFmpegFrameRecorder recorder;
    private final Java2DFrameConverter converter = new Java2DFrameConverter();

    private VideoWriter(InputFile input, Path file, Path unfinished, FFmpegFrameRecorder recorder) {
        this.input = input;
        this.file = file;
        this.unfinished = unfinished;
        this.recorder = recorder;
    }

    /**
     * Begins a video.
     *
     * @param frame the first one, which gives the rate
     * @param picture of it, which gives the size
     */
    static VideoWriter open(Frame frame, Path file, BufferedImage picture) throws IOException {
        double rate = Math.max(SLOWEST, frame.rate());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        int width = picture.getWidth() / 2 * 2; // H.264 halves the colours' resolution
        int height = picture.getHeight() / 2 * 2;
        FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(unfinished.toFile(), width, height);
        recorder.setFormat("mp4");
        recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
        recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
        recorder.setFrameRate(rate);
        recorder.setVideoBitrate((int) (BITS_PER_PIXEL * width * height * Math.max(rate, LEAST_RATE_FOR_BITS)));
        try {
            recorder.start();
        } catch (FrameRecorder.Exception e) {
            recorder.close();
            throw new IOException(file + ": can't be written as a video: " + e.getMessage(), e);
        }
        return new VideoWriter(frame.input(), file, unfinished, recorder);
    }

    boolean isOf(InputFile other) {
        return input.equals(other);
    }

    void add(BufferedImage picture) throws IOException {
        BufferedImage bgr =
                new BufferedImage(recorder.getImageWidth(), recorder.getImageHeight(), BufferedImage.TYPE_3BYTE_BGR);
        bgr.createGraphics().drawImage(picture, 0, 0, null);
        try {
            recorder.record(converter.convert(bgr), avutil.AV_PIX_FMT_BGR24);
        } catch (FrameRecorder.Exception e) {
            throw new IOException(file + ": can't be written: " + e.getMessage(), e);
        }
    }

    void finish() throws IOException {
        recorder.close();
        converter.close();
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Leaves no file. */
    void abandon() {
        try {
            recorder.close();
            converter.close();
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
