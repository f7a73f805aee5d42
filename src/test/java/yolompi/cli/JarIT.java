package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/**
 * The jar as a user starts it: {@code java -jar}, with and without {@code mpirun}, without other
 * flags.
 */
@Tag("mpi")
class JarIT {
    private static final String JAR = Path.of("target", "yolo-mpi.jar").toString();

    @TempDir
    private static Path folder;

    private static PackedShapes shapes;
    private static Path recipe;
    private static Path run;

    /** Exit code and output of a command. */
    private record Result(int exitCode, String output) {}

    @BeforeAll
    static void trainOnFourRanks() throws IOException, InterruptedException {
        shapes = PackedShapes.in(folder, 16, 3);
        recipe = shapes.recipe("jar", """
                train.epochs = 1
                train.batch = 8
                train.ema_decay = 0.0
                data.size = 64
                """);
        run = folder.resolve("run");
        Result result = result("mpirun -np 4 java -jar", "train", recipe.toString(), "--run-dir", run.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("4 ranks", "step 2/2", "done: 1 epoch, 2 steps");
    }

    /**
     * Open MPI's mpirun takes an argument with "cp" for -cp and changes the next one if the program
     * is java.
     */
    @Test
    void folderNamedCpIsNotTakenForAClassPath() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("mpi/run.sh", "2", "train", "--help").redirectErrorStream(true);
        builder.environment().put("YOLOMPI_JAVA_ARGS", "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cp"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("Usage: yolo-mpi train");
    }

    @Test
    void jarTrainsWithoutMpirun() throws IOException, InterruptedException {
        Path alone = folder.resolve("alone");
        Result result = result("java -jar", "train", recipe.toString(), "--run-dir", alone.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(alone.resolve("checkpoints/last.safetensors")).exists();
        Result again = result("java -jar", "train", recipe.toString(), "--run-dir", alone.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output()).contains("already holds a run", "--resume");
    }

    @Test
    void checkPrintsNetworkImagesAndMemory() throws IOException, InterruptedException {
        Result result = result("java -jar", "check", recipe.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("slim-tiny.cfg", "parameters", "GFLOPs", "16 images", "memory", "no errors found");
    }

    @Test
    void predictDrawsDetectionsAndSkipsADamagedImage() throws IOException, InterruptedException {
        Path images = Files.createDirectory(folder.resolve("images"));
        Files.copy(shapes.picture(0), images.resolve("whole.jpg"));
        byte[] jpeg = Files.readAllBytes(shapes.picture(1));
        Files.write(images.resolve("cut.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        Path out = folder.resolve("predictions");
        Path weights = run.resolve("checkpoints/last.safetensors");
        Result result = result(
                "java -jar", "predict", "--weights", weights.toString(), "--out", out.toString(), images.toString());

        assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains("skipped " + images.resolve("cut.jpg"));
        assertThat(out.resolve("whole.jpg")).isNotEmptyFile();
        assertThat(out.resolve("predictions.json"))
                .content()
                .contains("whole.jpg")
                .doesNotContain("cut.jpg");
    }

    @Test
    void jarRunsUnderMpirunWithoutFurtherFlags() {
        RankOutcome outcome = RankLauncher.ofJar().ranks(2).run("--version");

        assertThat(outcome.exitCode()).as(outcome.launcherOutput()).isZero();
        assertThat(outcome.outputs())
                .allSatisfy(output -> assertThat(output).matches("yolo-mpi \\d+\\.\\d+\\.\\d+( \\([0-9a-f]+\\))?\\s*"));
    }

    @Test
    void wrongUsageExitsWithStatusTwo() throws IOException, InterruptedException {
        RankOutcome outcome = RankLauncher.ofJar().run("no-such-command");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output(0)).contains("yolo-mpi: ").contains("no-such-command");
        Result result = result("java -jar", "train", "--no-such-option", recipe.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).contains("--no-such-option");
    }

    /**
     * Runs START JAR ARGS. The environment lets mpirun run as root and with more ranks than cores.
     */
    private static Result result(String start, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(start.split(" ", -1)));
        command.add(JAR);
        command.addAll(List.of(args));
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        builder.environment().put("OMPI_MCA_rmaps_base_oversubscribe", "1");
        Process process = builder.start();
        boolean ended = process.waitFor(Duration.ofMinutes(10).toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(ended).as(command + ": " + Files.readString(output)).isTrue();
        return new Result(process.exitValue(), Files.readString(output));
    }
}
