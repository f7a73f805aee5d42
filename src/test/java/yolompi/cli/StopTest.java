package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.dist.RankJob;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;

/** Runs that are stopped and resumed, compared with an uninterrupted run. */
@Tag("mpi")
class StopTest {
    private static final Function<RankJob, ProcessHandle> MPIRUN = RankJob::launcher;

    @TempDir
    private static Path folder;

    private static Path recipe;
    private static RunFolder uninterrupted;

    /** 52 steps on two ranks; an epoch has three and a quarter steps. */
    @BeforeAll
    static void trainUninterrupted() {
        recipe = PackedShapes.in(folder, 26, 3).recipe("stop", """
                train.epochs = 16
                train.batch = 8
                data.size = 64
                schedule.warmup_epochs = 0.5
                eval.every_epochs = 4
                report.samples = true
                """);
        uninterrupted = new RunFolder(folder.resolve("uninterrupted"));
        RankOutcome outcome = train(2, uninterrupted);
        assertThat(outcome.exitCode()).as(outcome.output(0)).isZero();
    }

    @Test
    void runStoppedBySignalsAndResumedEqualsUninterruptedRun() throws IOException {
        RunFolder resumed = new RunFolder(folder.resolve("resumed"));

        long first = stop(2, resumed, "USR1", job -> job.process(1), 3);
        long second = stop(2, resumed, "TERM", job -> job.process(0), first + 3, "--resume");
        stop(2, resumed, "USR1", MPIRUN, second + 3, "--resume", "--set", "checkpoint.background=false");
        RankOutcome last = train(2, resumed, "--resume");

        assertThat(last.exitCode()).as(last.output(0)).isZero();
        uninterrupted.assertSameWeights(resumed);
        assertThat(resumed.losses("step"))
                .isEqualTo(uninterrupted.losses("step"))
                .hasSize(13);
        assertThat(resumed.losses("epoch"))
                .isEqualTo(uninterrupted.losses("epoch"))
                .hasSize(16);
        assertThat(resumed.samples()).isEqualTo(uninterrupted.samples());
        assertThat(resumed.seconds()).isSorted();

        RankOutcome again = train(2, resumed, "--resume");
        assertThat(again.exitCode()).isZero();
        assertThat(again.output(0)).contains("this run was finished before");
    }

    @Test
    void runResumedOnOtherNumbersOfRanksReadsTheSameSamples() throws IOException {
        RunFolder resumed = new RunFolder(folder.resolve("worlds"));

        long first = stop(1, resumed, "USR1", job -> job.process(0), 2);
        long second = stop(3, resumed, "USR1", job -> job.process(2), first + 4, "--resume");
        stop(2, resumed, "TERM", job -> job.process(1), second + 3, "--resume");
        assertThat(train(4, resumed, "--resume").exitCode()).isZero();

        assertThat(resumed.samples()).isEqualTo(uninterrupted.samples()).hasSize(52);
    }

    /** The rank writes its samples into a pipe, so it cannot begin a step until the test reads them. */
    @Test
    void signalBeforeTheFirstStepStopsTheRunAfterIt() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("early"));
        Path pipe = Files.createDirectories(run.folder().resolve("samples")).resolve("rank-1-of-2.csv");
        call("mkfifo", pipe.toString());
        try (RankJob job = launcher(2).start(arguments(run))) {
            job.awaitOutput(0, "world ");
            kill("USR1", job.process(1));
            Process reader = new ProcessBuilder("cat", pipe.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            RankOutcome outcome = job.await();
            reader.destroy();

            assertThat(outcome.exitCode())
                    .as(outcome.output(0) + outcome.output(1))
                    .isEqualTo(Main.STOPPED);
            assertThat(outcome.output(0)).contains("stopped after step 1 of 52: USR1 (rank 1)");
            assertThat(run.lastStep()).isEqualTo(1);
        }
    }

    @Test
    void maxMinutesStopsTheRun() {
        RunFolder run = new RunFolder(folder.resolve("clock"));
        RankOutcome outcome = train(2, run, "--max-minutes", "0.01", "--set", "train.epochs=100000");

        assertThat(outcome.exitCode()).as(outcome.launcherOutput()).isEqualTo(Main.STOPPED);
        assertThat(outcome.output(0)).containsPattern("stopped after step \\d+ of 325000: --max-minutes");
        assertThat(run.lastStep()).isPositive();
    }

    @Test
    void failedSaveIsReportedOnceAndEndsAllRanks() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("full"));
        Files.createDirectories(run.folder());
        Path inTheWay = Files.writeString(run.folder().resolve("checkpoints"), "a file where the folder should be");
        RankOutcome outcome = train(2, run, "--set", "checkpoint.every_steps=2");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output(0))
                .contains("yolo-mpi: " + inTheWay + ": can't save a checkpoint: FileAlreadyExistsException")
                .contains("go on with --resume")
                .doesNotContain("step 8/");
        assertThat(outcome.output(1)).doesNotContain("yolo-mpi: ");
    }

    @Test
    void unknownStopSignalIsRefusedOnce() {
        RankOutcome outcome = train(2, new RunFolder(folder.resolve("signal")), "--stop-signal", "NOPE");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(Stream.of(outcome.output(0), outcome.output(1)).flatMap(String::lines))
                .filteredOn(line -> line.startsWith("yolo-mpi: "))
                .singleElement()
                .asString()
                .contains("signal NOPE", "expected one that programs may use, such as USR1");
    }

    /** Returns the step after which the run stopped. */
    private static long stop(
            int ranks,
            RunFolder run,
            String signal,
            Function<RankJob, ProcessHandle> target,
            long afterStep,
            String... more)
            throws IOException {
        try (RankJob job = launcher(ranks).start(arguments(run, more))) {
            run.awaitSample(ranks, afterStep);
            kill(signal, target.apply(job));
            RankOutcome outcome = job.await();

            assertThat(outcome.exitCode()).as(outcome.output(0)).isEqualTo(Main.STOPPED);
            assertThat(outcome.output(0).lines().filter(line -> line.startsWith("stopped after step ")))
                    .singleElement()
                    .asString()
                    .contains("step " + run.lastStep() + " of 52: " + signal);
            return run.lastStep();
        }
    }

    private static void kill(String signal, ProcessHandle process) throws IOException {
        call("kill", "-" + signal, Long.toString(process.pid()));
    }

    private static void call(String... command) throws IOException {
        assertThat(new ProcessBuilder(command).start().onExit().join().exitValue())
                .isZero();
    }

    private static RankOutcome train(int ranks, RunFolder run, String... more) {
        return launcher(ranks).run(arguments(run, more));
    }

    private static RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(Main.class).ranks(ranks);
    }

    private static String[] arguments(RunFolder run, String... more) {
        Stream<String> all = Stream.concat(Stream.of("--set", "report.every_steps=4"), Stream.of(more));
        return run.trainArguments(recipe, all.toArray(String[]::new));
    }
}
