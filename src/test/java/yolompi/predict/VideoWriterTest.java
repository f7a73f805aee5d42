package yolompi.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VideoWriterTest {
    private static final InputFile FILM = new InputFile(Path.of("film.avi"), "film");

    @TempDir
    private Path folder;

    @BeforeAll
    static void silenceFfmpeg() {
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    private static Frame frame(double rate) {
        return new Frame(FILM, OptionalInt.of(0), rate, () -> new byte[0]);
    }

    private static BufferedImage picture(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private Path file() {
        return folder.resolve("film.mp4");
    }

    @ParameterizedTest
    @CsvSource({"5312, 2988", "3840, 3840"})
    void tooLargeFrameIsRejectedAndLeavesNoFile(int width, int height) {
        assertThatThrownBy(() -> VideoWriter.open(frame(25), file(), picture(width, height)))
                .isInstanceOf(UnwritableOutputException.class)
                .hasMessageContaining("it has " + width + " x " + height)
                .hasMessageNotContaining("FFmpegLogCallback");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void frameOfOneRowLeavesNoFile() {
        assertThatThrownBy(() -> VideoWriter.open(frame(25), file(), picture(64, 1)))
                .isInstanceOf(UnwritableOutputException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"3840, 2160, 240, 240", "640, 480, 90000, 1000", "64, 64, NaN, 0.1"})
    void anyFrameRateIsWritten(int width, int height, double rate, double expected) throws IOException {
        VideoWriter writer = VideoWriter.open(frame(rate), file(), picture(width, height));
        writer.add(picture(width, height));
        writer.finish();

        assertThat(folder).isDirectoryContaining("glob:**/film.mp4").isDirectoryNotContaining("glob:**.unfinished");
        try (FFmpegFrameGrabber written = new FFmpegFrameGrabber(file().toFile())) {
            written.start();
            assertThat(written.getVideoFrameRate()).isEqualTo(expected);
        }
    }

    @Tag("program")
    @Test
    void terminatedProgramLeavesNoFile() throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UnfinishedVideoProgram.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // the encoder's messages
                .start();
        assertThat(program.inputReader().readLine()).isEqualTo("started");
        assertThat(Files.exists(folder.resolve("film.mp4.unfinished"))).isTrue();

        program.destroy();

        assertThat(program.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(folder).isEmptyDirectory();
    }

    /** A limit on the file size of the process stands for a full disk. */
    @Tag("program")
    @ParameterizedTest
    @CsvSource({
        "1, 'film.avi: its video with boxes can''t be written: the file can''t be read back', 0",
        "400, written, 1"
    })
    void fullDiskIsReportedAndLeavesNoFile(int maxKib, String message, int files)
            throws IOException, InterruptedException {
        // Unpacks FFmpeg, which would exceed the limit.
        VideoWriter.open(frame(25), file(), picture(64, 64)).abandon();

        Process program = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f " + maxKib + " && exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDiskVideoProgram.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // the encoder's messages
                .start();

        assertThat(program.inputReader().readLine()).startsWith(message);
        assertThat(program.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(folder.toFile().list()).hasSize(files);
    }

    /** An image that no encoder compresses well. */
    static BufferedImage noise(int width, int height) {
        BufferedImage noise = picture(width, height);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < width * height; i++) {
            noise.setRGB(i % width, i / width, random.nextInt());
        }
        return noise;
    }
}
