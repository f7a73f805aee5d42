package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.distributed.world.Host;
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** When one rank ends, the others end too, and the reason is printed once. */
@Tag("mpi")
class RankFailureTest {
    /** Too many steps for the run to end by itself; it neither evaluates nor saves. */
    static final String LONG_RUN = """
            train.epochs = 10000
            train.batch = 4
            data.size = 64
            checkpoint.last_every_epochs = 10000
            eval.every_epochs = 0
            """;

    @TempDir
    private static Path folder;

    private static PackedShapes shapes;

    @BeforeAll
    static void drawShapes() {
        shapes = PackedShapes.in(folder, 40, 3);
    }

    /** Open MPI also ends the other rank, but gives it more time to report than by default. */
    @Test
    void killedRankIsReportedOnceOnTheTerminalAndInTheLog() throws IOException {
        Path recipe = shapes.recipe("lost", LONG_RUN);
        Path run = folder.resolve("lost");
        try (RankJob job = launcher(2)
                .environment("OMPI_MCA_odls_base_sigkill_timeout", "10")
                .start("train", recipe.toString(), "--run-dir", run.toString())) {
            List<ProcessHandle> processes = List.of(job.process(0), job.process(1));
            job.awaitOutput(0, "step 10/");
            processes.get(0).destroyForcibly();
            RankOutcome outcome = job.await();

            processes.forEach(
                    process -> process.onExit().orTimeout(5, TimeUnit.MINUTES).join());
            assertThat(outcome.exitCode()).isNotZero();
            assertNoJvmCrashed(outcome);
            String died = "yolo-mpi: rank 0 of 2 on " + Host.name() + " died";
            assertThat(messages(outcome)).singleElement().asString().startsWith(died);
            assertThat(outcome.output(1)).contains(died, "--resume");
            assertThat(Files.readString(run.resolve("train.log")))
                    .containsPattern("\n== [-0-9]+T[:.0-9]+Z: the job ends\n" + Pattern.quote(died));
        }
    }

    /**
     * The default silence time-out is 20 seconds. Only processes on other hosts are blamed for
     * silence, so no other rank is.
     */
    @Test
    void rankStoppedForTheSilenceOfTheRecipeIsNamed() throws IOException {
        Path recipe = shapes.recipe("stopped", LONG_RUN + "dist.silence_seconds = 2\n");
        try (RankJob job = launcher(2)
                .start(
                        "train",
                        recipe.toString(),
                        "--run-dir",
                        folder.resolve("stopped").toString())) {
            job.awaitOutput(0, "step 1/");
            ChildProcess.signal("STOP", job.process(1));
            RankOutcome outcome = job.await();

            assertThat(outcome.exitCode()).isNotZero();
            assertThat(messages(outcome))
                    .singleElement()
                    .asString()
                    .containsPattern(Pattern.quote("yolo-mpi: rank 1 of 2 on " + Host.name() + " has been stopped")
                            + " \\(.*\\) for (\\d\\.\\d|1\\d) s");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void damagedRecordIsReportedOnceWithItsRank(int ranks) throws IOException {
        PackedShapes own = PackedShapes.in(Files.createDirectory(folder.resolve("damaged-" + ranks)), 40, 3);
        own.damage(own.train(), 17);
        Path recipe = own.recipe("damaged", LONG_RUN);
        Path run = own.folder().resolve("run");
        RankOutcome outcome = launcher(ranks).run("train", recipe.toString(), "--run-dir", run.toString());

        assertThat(outcome.exitCode()).as(outcome.launcherOutput()).isEqualTo(1);
        assertNoJvmCrashed(outcome);
        assertThat(messages(outcome)).singleElement().satisfies(message -> assertThat(message)
                .contains(own.train().resolve("shard-00000.h5").toString(), "record 17", "checksum", "step ")
                .containsPattern(
                        ranks == 1
                                ? ""
                                : "rank \\d of " + ranks + " on " + Host.name().replace(".", "\\.")));
    }

    @Test
    void fullDiskIsReportedInOneLineWithoutStackTrace() throws IOException {
        Path recipe = shapes.recipe("full", LONG_RUN);
        Path run = folder.resolve("full");
        Files.createDirectories(run.resolve("samples"));
        Path full = Files.createSymbolicLink(run.resolve("samples/rank-1-of-2.csv"), Path.of("/dev/full"));
        RankOutcome outcome = launcher(2)
                .run("train", recipe.toString(), "--run-dir", run.toString(), "--set", "report.samples=true");
        Files.delete(full);

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(messages(outcome))
                .singleElement()
                .asString()
                .contains("rank 1 of 2", ": step 1: samples: No space left on device");
        assertThat(outcome.outputs()).noneMatch(output -> output.contains("\tat "));
    }

    @Test
    void invalidRecipeIsReportedOnce() {
        Path recipe = shapes.recipe("wrong", "train.bach = 4\n");
        RankOutcome outcome = launcher(2).run("train", recipe.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(messages(outcome))
                .singleElement()
                .asString()
                .contains(recipe.toString(), "train.bach", "did you mean batch?");
    }

    @Test
    void batchSmallerThanTheNumberOfRanksIsRefused() {
        Path recipe = shapes.recipe("small", LONG_RUN);
        Path run = folder.resolve("small");
        RankOutcome outcome =
                launcher(4).run("train", recipe.toString(), "--set", "train.batch=3", "--run-dir", run.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(messages(outcome)).singleElement().asString().contains("train.batch = 3", "4 ranks");
        assertThat(run).doesNotExist();
    }

    private static RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(Main.class).ranks(ranks);
    }

    /** A JVM that crashes prints this on standard output. */
    private static void assertNoJvmCrashed(RankOutcome outcome) {
        assertThat(outcome.outputs()).noneMatch(output -> output.contains("fatal error has been detected"));
    }

    /** All lines in which the program reports a failure. */
    private static List<String> messages(RankOutcome outcome) {
        return Stream.concat(outcome.outputs().stream(), Stream.of(outcome.launcherOutput()))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("yolo-mpi: "))
                .toList();
    }
}
