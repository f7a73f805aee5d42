package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.FrameRecorder;
import org.bytedeco.javacv.Java2DFrameConverter;

/** Writes an MP4 file (H.264, no sound) under a temporary name until it is complete. */
final class VideoWriter {
    private static final double BITS_PER_PIXEL = 0.15;
    /** Minimum frames per second for the bit rate: slow videos change more from frame to frame. */
    private static final double MIN_RATE_FOR_BITS = 24;

    /**
     * Maximum bits per second: enough for any image size, and well below the 240 million that the
     * encoder rejects.
     */
    private static final double MAX_BITS = 100e6;

    private static final double SLOWEST = 0.1;
    private static final double FASTEST = 1000;

    /** Edge of the encoder's blocks, pixels. The smallest video is one block. */
    private static final int BLOCK = 16;
    /** Maximum of H.264 level 5.2, the highest level of the encoder. */
    private static final int MAX_BLOCKS = 36_864;

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
     * Starts a video.
     *
     * @param frame the first frame, which gives the frame rate
     * @param picture image of that frame, which gives the size
     * @throws UnwritableOutputException if it can't be encoded; no file remains
     */
    static VideoWriter open(Frame frame, Path file, BufferedImage picture) throws IOException {
        double rate = rate(frame);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        int width = picture.getWidth() / 2 * 2; // H.264 halves the color resolution
        int height = picture.getHeight() / 2 * 2;
        FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(unfinished.toFile(), width, height);
        recorder.setFormat("mp4");
        recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
        recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
        recorder.setFrameRate(rate);
        recorder.setVideoBitrate((int) bits(width, height, rate));
        VideoWriter writer = new VideoWriter(frame.input(), file, unfinished, recorder);
        unfinished.toFile().deleteOnExit(); // if a signal ends the program
        try {
            recorder.start();
        } catch (FrameRecorder.Exception e) {
            writer.abandon();
            throw writer.unwritable(e);
        }
        return writer;
    }

    /**
     * The frame rate of the file, limited to the supported range. Some files state an impossible
     * rate, or NaN.
     */
    private static double rate(Frame frame) {
        return frame.rate() > SLOWEST ? Math.min(FASTEST, frame.rate()) : SLOWEST;
    }

    private static double bits(int width, int height, double rate) {
        return Math.min(MAX_BITS, BITS_PER_PIXEL * width * height * Math.max(rate, MIN_RATE_FOR_BITS));
    }

    private UnwritableOutputException unwritable(FrameRecorder.Exception failure) {
        return new UnwritableOutputException(
                input,
                "its video with boxes can't be written: "
                        + whyNot(recorder.getImageWidth(), recorder.getImageHeight(), failure));
    }

    /** FFmpeg's own message does not name the size as the cause. */
    private static String whyNot(int width, int height, FrameRecorder.Exception failure) {
        int blocks = (width + BLOCK - 1) / BLOCK * ((height + BLOCK - 1) / BLOCK);
        return width < BLOCK || height < BLOCK || blocks > MAX_BLOCKS
                ? "it has %d x %d pixels; the encoder supports 16 x 16 to 4096 x 2304, or as many in another shape;"
                                .formatted(width, height)
                        + " use --no-pictures to skip it"
                : FfmpegWords.of(failure);
    }

    /**
     * Appends a frame.
     *
     * @throws UnwritableOutputException if it can't be encoded
     */
    void add(BufferedImage picture) throws UnwritableOutputException {
        BufferedImage bgr =
                new BufferedImage(recorder.getImageWidth(), recorder.getImageHeight(), BufferedImage.TYPE_3BYTE_BGR);
        bgr.createGraphics().drawImage(picture, 0, 0, null);
        try {
            recorder.record(converter.convert(bgr), avutil.AV_PIX_FMT_BGR24);
        } catch (FrameRecorder.Exception e) {
            throw unwritable(e);
        }
    }

    /**
     * Completes the video and gives it its final name.
     *
     * @throws UnwritableOutputException if the video is incomplete; no file remains
     */
    void finish() throws UnwritableOutputException {
        try {
            recorder.close();
            converter.close();
            requireWhole();
            if (Files.isDirectory(file)) {
                throw new FileSystemException(file.toString(), null, "is a folder, expected the name of a file");
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            abandon();
            throw new UnwritableOutputException(input, "its video with boxes can't be written: " + FfmpegWords.of(e));
        }
    }

    /**
     * Checks that the file is complete. On a full disk FFmpeg reports no error at the end, but the
     * file has no index of its frames.
     */
    private void requireWhole() throws IOException {
        try {
            VideoReader.open(new InputFile(unfinished, input.name())).close();
        } catch (IOException e) {
            throw new IOException("the file can't be read back; is the disk full?", e);
        }
    }

    /** Deletes the unfinished file. */
    void abandon() {
        try (converter;
                recorder) {
            Files.deleteIfExists(unfinished); // still open in the recorder, which does not recreate it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
