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

/** Writes an MP4 file (H.264, without sound), under another name until it is whole. */
final class VideoWriter {
    private static final double BITS_PER_PIXEL = 0.15;
    /** Slow videos change more from frame to frame, and get the bits of this many frames a second. */
    private static final double LEAST_RATE_FOR_BITS = 24;

    /** More than pictures of any size need, and well below the 240 million that the encoder refuses. */
    private static final double MOST_BITS = 100e6;

    private static final double SLOWEST = 0.1;
    private static final double FASTEST = 1000;

    /** The encoder sees squares of this edge, and takes pictures of one at least. */
    private static final int BLOCK = 16;
    /** H.264's level 5.2, beyond which the encoder doesn't go. */
    private static final int MOST_BLOCKS = 36_864;

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
     * @throws UnwritableOutputException where it can't be encoded; no file is left
     */
    static VideoWriter open(Frame frame, Path file, BufferedImage picture) throws IOException {
        double rate = rate(frame);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        int width = picture.getWidth() / 2 * 2; // H.264 halves the colours' resolution
        int height = picture.getHeight() / 2 * 2;
        FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(unfinished.toFile(), width, height);
        recorder.setFormat("mp4");
        recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
        recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
        recorder.setFrameRate(rate);
        recorder.setVideoBitrate((int) bits(width, height, rate));
        VideoWriter writer = new VideoWriter(frame.input(), file, unfinished, recorder);
        unfinished.toFile().deleteOnExit(); // where a signal ends the program
        try {
            recorder.start();
        } catch (FrameRecorder.Exception e) {
            writer.abandon();
            throw writer.unwritable(e);
        }
        return writer;
    }

    /** As the file says; some say nonsense, or nothing, which is no number. */
    private static double rate(Frame frame) {
        return frame.rate() > SLOWEST ? Math.min(FASTEST, frame.rate()) : SLOWEST;
    }

    private static double bits(int width, int height, double rate) {
        return Math.min(MOST_BITS, BITS_PER_PIXEL * width * height * Math.max(rate, LEAST_RATE_FOR_BITS));
    }

    private UnwritableOutputException unwritable(FrameRecorder.Exception failure) {
        return new UnwritableOutputException(
                input,
                "its drawn video can't be written: "
                        + whyNot(recorder.getImageWidth(), recorder.getImageHeight(), failure));
    }

    /** FFmpeg itself doesn't say that it is the size. */
    private static String whyNot(int width, int height, FrameRecorder.Exception failure) {
        int blocks = (width + BLOCK - 1) / BLOCK * ((height + BLOCK - 1) / BLOCK);
        return width < BLOCK || height < BLOCK || blocks > MOST_BLOCKS
                ? "the encoder takes 16 x 16 to 4096 x 2304 pixels, and as many in another shape; it has %d x %d; --no-pictures goes without"
                        .formatted(width, height)
                : FfmpegWords.of(failure);
    }

    /**
     * Appends a picture.
     *
     * @throws UnwritableOutputException where it can't be encoded
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
     * Gives the video its name.
     *
     * @throws UnwritableOutputException where it could not be written whole; no file is left
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
            throw new UnwritableOutputException(input, "its drawn video can't be written: " + FfmpegWords.of(e));
        }
    }

    /** FFmpeg keeps silent where the disk is full at the end, and then the file lacks what tells of its frames. */
    private void requireWhole() throws IOException {
        try {
            VideoReader.open(new InputFile(unfinished, input.name())).close();
        } catch (IOException e) {
            throw new IOException("the file can't be read again; is the disk full?", e);
        }
    }

    /** Leaves no file. */
    void abandon() {
        try (converter;
                recorder) {
            Files.deleteIfExists(unfinished); // which the recorder still has open, and doesn't make anew
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
