package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.dist.Host;
import yolompi.dist.RankJob;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;

/** However one rank ends, no other waits for it, and the user reads why. */
@Tag("mpi")
class RankFailureTest {
    private static final String LONG_RUN = """
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

    @ParameterizedTest(name = "{2} to rank {1} of {0}")
    @CsvSource({"2, 1, KILL, died", "4, 0, KILL, died", "2, 0, STOP, has been stopped"})
    void aRankThatIsLostEndsTheJobInFifteenSecondsWithOneReport(int ranks, int victim, String signal, String word) {
        Path recipe = shapes.recipe("lost", LONG_RUN);
        Path run = folder.resolve("lost-" + ranks + "-" + victim + signal);
        String report = reportOf(ranks, victim, "kill -" + signal, "step 10/", recipe, run);
        assertThat(report)
                .contains("rank %d of %d on %s %s".formatted(victim, ranks, Host.name(), word), ", in step ")
                .contains("--resume");
    }

    @Test
    void aRankThatIsLostInAnEvaluationIsToldToo() throws IOException {
        PackedShapes own = PackedShapes.in(Files.createDirectory(folder.resolve("evaluated")), 4, 1000);
        Path recipe = own.recipe("evaluated", LONG_RUN.replace("eval.every_epochs = 0", "eval.every_epochs = 1"));
        // An evaluation begins when the state is safe; what a rank last told of itself may be a quarter of a second
        // old.
        String report = reportOf(
                2, 1, "sleep 0.6; kill -KILL", "_step-", recipe, own.folder().resolve("run"));
        assertThat(report).contains("rank 1 of 2 on " + Host.name() + " died").contains("evaluating");
    }

    /** Trains until rank 0 has written {@code begun}, ends a rank by a shell command to which its process id is added, and returns the report after the end of all. */
    private static String reportOf(int ranks, int victim, String kill, String begun, Path recipe, Path run) {
        try (RankJob job = launcher(ranks)
                .start("train", recipe.toString(), "--run-dir", run.toString(), "--set", "dist.silence_seconds=3")) {
            List<ProcessHandle> processes =
                    IntStream.range(0, ranks).mapToObj(job::process).toList();
            job.awaitOutput(0, begun);
            long begin = System.nanoTime();
            send(kill, processes.get(victim));
            RankOutcome outcome = job.await();

            processes.forEach(RankFailureTest::awaitEnd);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
            assertThat(outcome.exitCode()).isNotZero();
            assertNoJvmCrashed(outcome);
            assertThat(messages(outcome)).hasSize(1);
            return outcome.outputs().stream()
                    .filter(output -> output.contains("yolo-mpi: "))
                    .map(output -> output.substring(output.indexOf("yolo-mpi: ")))
                    .collect(Collectors.joining());
        }
    }

    private static void send(String kill, ProcessHandle process) {
        try {
            String command = kill + " " + process.pid();
            assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aDamagedRecordEndsTheJobWithOneMessageThatNamesItAndWhoFoundIt(int ranks) throws IOException {
        PackedShapes own = PackedShapes.in(Files.createDirectory(folder.resolve("damaged-" + ranks)), 40, 3);
        own.damage(own.train(), 17);
        Path recipe = own.recipe("damaged", LONG_RUN);
        Path run = own.folder().resolve("run");
        RankOutcome outcome = launcher(ranks)
                .within(Duration.ofMinutes(1))
                .run("train", recipe.toString(), "--run-dir", run.toString());

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
    void aDiskThatIsFullIsToldInOneLineWithoutAStackTrace() throws IOException {
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
    void aWrongRecipeIsToldOnceAndEndsWithStatusOne() {
        Path recipe = shapes.recipe("wrong", "train.bach = 4\n");
        RankOutcome outcome = launcher(2).run("train", recipe.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(messages(outcome))
                .singleElement()
                .asString()
                .contains(recipe.toString(), "train.bach", "did you mean batch?");
    }

    @Test
    void fewerImagesThanRanksAreRefusedAtTheDoor() {
        Path recipe = shapes.recipe("small", LONG_RUN + "\n");
        Path run = folder.resolve("small");
        RankOutcome outcome =
                launcher(4).run("train", recipe.toString(), "--set", "train.batch=3", "--run-dir", run.toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(messages(outcome)).singleElement().asString().contains("train.batch = 3", "4 ranks");
        assertThat(run).doesNotExist();
    }

    /** The kernel may take a moment to clear a process away after it was killed. */
    private static void awaitEnd(ProcessHandle process) {
        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(15));
    }

    private static RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(Main.class).ranks(ranks);
    }

    /** A JVM that crashes says so on standard output. */
    private static void assertNoJvmCrashed(RankOutcome outcome) {
        assertThat(outcome.outputs()).noneMatch(output -> output.contains("fatal error has been detected"));
    }

    /** All lines in which the program speaks of a failure. */
    private static List<String> messages(RankOutcome outcome) {
        return Stream.concat(outcome.outputs().stream(), Stream.of(outcome.launcherOutput()))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("yolo-mpi: "))
                .toList();
    }
}
