package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** Runs that are stopped and resumed, compared with an uninterrupted run. */
@Tag("mpi")
class StopTest {
    private static final int BATCH = 8;
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
                train.batch = %d
                data.size = 64
                schedule.warmup_epochs = 0.5
                eval.every_epochs = 4
                report.samples = true
                """.formatted(BATCH));
        uninterrupted = new RunFolder(folder.resolve("uninterrupted"));
        RankOutcome outcome = train(2, uninterrupted);
        assertThat(outcome.exitCode()).as(outcome.output(0)).isZero();
    }

    @Test
    void runStoppedBySignalsAndResumedEqualsUninterruptedRun() throws IOException {
        RunFolder resumed = new RunFolder(folder.resolve("resumed"));

        long first = stop(2, resumed, "USR1", job -> job.process(1), 3);
        long second = stop(2, resumed, "TERM", job -> job.process(0), 3, "--resume");
        long third = stop(2, resumed, "USR1", MPIRUN, 3, "--resume", "--set", "checkpoint.background=false");
        assertThat(List.of(first, second - first, third - second)).allMatch(steps -> steps >= 3);
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
        assertThat(again.output(0)).contains("this run is already finished");
    }

    @Test
    void runResumedOnOtherNumbersOfRanksReadsTheSameSamples() throws IOException {
        RunFolder resumed = new RunFolder(folder.resolve("worlds"));

        stop(1, resumed, "USR1", job -> job.process(0), 2);
        stop(3, resumed, "USR1", job -> job.process(2), 4, "--resume");
        stop(2, resumed, "TERM", job -> job.process(1), 3, "--resume");
        assertThat(train(8, resumed, "--resume").exitCode()).isZero();

        assertThat(resumed.samples()).isEqualTo(uninterrupted.samples()).hasSize(52);
    }

    /**
     * The rank writes its samples into a pipe, so it cannot take a step until the test reads them.
     */
    @Test
    void signalBeforeTheFirstStepStopsTheRunAfterIt() throws IOException {
        RunFolder run = new RunFolder(folder.resolve("early"));
        try (HeldTrace trace = HeldTrace.of(run, 1, 2, 0, BATCH / 2);
                RankJob job = launcher(2).start(arguments(run))) {
            job.awaitOutput(0, "world ");
            signalAndAwait("USR1", job, job.process(1));
            trace.release(job);
            RankOutcome outcome = job.await();

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
                .contains("continue with --resume")
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
                .contains("signal NOPE", "expected a signal that programs may handle, such as USR1");
    }

    /**
     * Sends a signal when the run is held after some more steps; returns the step after which it
     * stopped.
     */
    private static long stop(
            int ranks, RunFolder run, String signal, Function<RankJob, ProcessHandle> target, int steps, String... more)
            throws IOException {
        try (HeldTrace trace = HeldTrace.of(run, 0, ranks, steps, (BATCH + ranks - 1) / ranks);
                RankJob job = launcher(ranks).start(arguments(run, more))) {
            trace.awaitHold(job);
            signalAndAwait(signal, job, target.apply(job));
            trace.release(job);
            RankOutcome outcome = job.await();

            assertThat(outcome.exitCode()).as(outcome.output(0)).isEqualTo(Main.STOPPED);
            assertThat(outcome.output(0).lines().filter(line -> line.startsWith("stopped after step ")))
                    .singleElement()
                    .asString()
                    .contains("step " + run.lastStep() + " of 52: " + signal);
            return run.lastStep();
        }
    }

    /** Waits until the rank has received the signal, or rank 0 if mpirun forwards it. */
    private static void signalAndAwait(String signal, RankJob job, ProcessHandle target) throws IOException {
        ChildProcess.signal(signal, target);
        ChildProcess.awaitHeard(signal, target.equals(job.launcher()) ? job.process(0) : target);
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
