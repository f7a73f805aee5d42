package yolompi.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rank that gets lost ends the job in time, with one report on what happened; one that is only slow does not. */
@Tag("mpi")
class RankMonitorTest {
    private static final String ENDLESS = "1000000";
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @ParameterizedTest(name = "rank {1} of {0}")
    @CsvSource({"2, 0", "4, 2", "4, 3"})
    void aKilledRankIsNamed(int ranks, int victim) {
        try (RankJob job = start(ranks, victim, "nothing")) {
            List<ProcessHandle> processes = processes(job, ranks);
            job.awaitOutput(victim, "step 30.");
            signal(processes.get(victim), "KILL");
            assertThat(reportAtTheEndOf(job, processes))
                    .contains(rank(victim, ranks) + " died, in step ")
                    .contains("the same command with --resume");
        }
    }

    @ParameterizedTest(name = "rank {1} of {0}")
    @CsvSource({"2, 0", "4, 3"})
    void aStoppedRankIsNamed(int ranks, int victim) {
        try (RankJob job = start(ranks, victim, "nothing")) {
            job.awaitOutput(victim, "step 30.");
            signal(job.process(victim), "STOP");
            assertThat(reportAtTheEndOf(job, processes(job, ranks)))
                    .contains(rank(victim, ranks) + " has been stopped (SIGSTOP, or a debugger) for 2.")
                    .containsPattern("waiting: ranks? [0-3, -]+ \\(waiting for its images, waits for all ranks, step ");
        }
    }

    @Test
    void aRankThatHangsWhileOthersWaitIsNamed() {
        try (RankJob job = start(4, 1, "hang")) {
            assertThat(reportAtTheEndOf(job, processes(job, 4)))
                    .contains(rank(1, 4) + " hangs, in step 3, waiting for its images for 4.")
                    .contains("waiting: ranks 0, 2-3 (waiting for its images, waits for all ranks, step 3)");
        }
    }

    @ParameterizedTest(name = "rank {1} of {0}")
    @CsvSource({"2, 0, rank 1", "4, 2, 'ranks 0-1, 3'"})
    void aRankThatFailsIsNamedWithItsMessage(int ranks, int victim, String others) {
        try (RankJob job = start(ranks, victim, "fail")) {
            assertThat(reportAtTheEndOf(job, processes(job, ranks)))
                    .contains(rank(victim, ranks) + " failed, in step 3, waiting for its images for ")
                    .contains(": shard 3 is damaged")
                    .contains(others);
        }
    }

    @Test
    void aRankThatAloneGetsTheSignalTermIsNamed() {
        try (RankJob job = start(4, 1, "nothing")) {
            List<ProcessHandle> processes = processes(job, 4);
            job.awaitOutput(1, "step 30.");
            signal(processes.get(1), "TERM");
            assertThat(reportAtTheEndOf(job, processes))
                    .contains(rank(1, 4) + " was ended by a signal (TERM), in step ");
        }
    }

    @Test
    void aJobThatIsEndedFromOutsideBlamesNobody() {
        try (RankJob job = start(2, 1, "nothing")) {
            List<ProcessHandle> processes = processes(job, 2);
            job.awaitOutput(1, "step 30.");
            signal(job.launcher(), "TERM");
            RankOutcome outcome = endOf(job, processes);
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(allOutput(outcome)).doesNotContain("yolo-mpi: ");
        }
    }

    @Test
    void aRankThatIsKilledBeforeItJoinsEndsTheJob() {
        try (RankJob job = start(2, 1, "late")) {
            List<ProcessHandle> processes = processes(job, 2);
            job.awaitOutput(1, "late");
            signal(processes.get(1), "KILL");
            assertThat(endOf(job, processes).exitCode()).isNotZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gloo", "mpi"})
    void aRankThatHangsWhileOthersWaitForItsTensorsInTheForwardPassIsNamed(String backend) {
        try (RankJob job = RankLauncher.ofMain(StallProgram.class).ranks(2).start(ENDLESS, "1", "hang", backend)) {
            assertThat(reportAtTheEndOf(job, processes(job, 2)))
                    .contains(rank(1, 2) + " hangs, in step 3, waiting for its images for ")
                    .contains("waiting: rank 0 (computing the forward pass, waits for all ranks, step 3)");
        }
    }

    @Test
    void aRankThatIsStoppedBeforeItJoinsEndsTheJobAtTheDeadline() {
        try (RankJob job = RankLauncher.ofMain(StallProgram.class)
                .ranks(2)
                .jvmFlags("-D" + Deadline.SECONDS + "=3")
                .start(ENDLESS, "1", "late")) {
            List<ProcessHandle> processes = processes(job, 2);
            job.awaitOutput(1, "late");
            signal(processes.get(1), "STOP");
            assertThat(reportAtTheEndOf(job, processes))
                    .contains("a rank on " + Host.name() + " waited 3 s for all ranks to join the job");
        }
    }

    @Test
    void aShortFreezeEndsNothing() throws InterruptedException {
        try (RankJob job = RankLauncher.ofMain(StallProgram.class).ranks(2).start("100", "0", "nothing")) {
            job.awaitOutput(0, "step 3.");
            signal(job.process(0), "STOP");
            Thread.sleep(1000);
            signal(job.process(0), "CONT");
            assertFine(job.await());
        }
    }

    @Test
    void aLongSaveEndsNothingThoughOthersWaitForTheRanksTensors() {
        assertFine(RankLauncher.ofMain(StallProgram.class).ranks(2).run("4", "0", "save", "gloo"));
    }

    @Test
    void aSlowRankEndsNothing() {
        assertFine(RankLauncher.ofMain(StallProgram.class).ranks(2).run("5", "1", "slow"));
    }

    private static RankJob start(int ranks, int victim, String what) {
        return RankLauncher.ofMain(StallProgram.class).ranks(ranks).start(ENDLESS, Integer.toString(victim), what);
    }

    private static void assertFine(RankOutcome outcome) {
        assertThat(outcome.exitCode()).as(allOutput(outcome)).isZero();
        assertThat(outcome.outputs()).allMatch(output -> output.contains("done") && !output.contains("yolo-mpi: "));
    }

    /** The one report; fails if the job does not end as it should. */
    private static String reportAtTheEndOf(RankJob job, List<ProcessHandle> processes) {
        RankOutcome outcome = endOf(job, processes);
        assertThat(outcome.exitCode()).isNotZero();
        List<String> reports = outcome.outputs().stream()
                .filter(output -> output.contains("yolo-mpi: "))
                .toList();
        assertThat(reports).as(allOutput(outcome)).hasSize(1);
        String report = reports.get(0).substring(reports.get(0).indexOf("yolo-mpi: "));
        assertThat(report.lines().filter(line -> line.startsWith("yolo-mpi: "))).hasSize(1);
        return report;
    }

    private static List<ProcessHandle> processes(RankJob job, int ranks) {
        return IntStream.range(0, ranks).mapToObj(job::process).toList();
    }

    private static RankOutcome endOf(RankJob job, List<ProcessHandle> processes) {
        long begin = System.nanoTime();
        RankOutcome outcome = job.await();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
        assertThat(processes).allSatisfy(process -> assertThat(process.onExit()).succeedsWithin(LONGEST));
        assertThat(allOutput(outcome)).doesNotContain("fatal error has been detected");
        return outcome;
    }

    private static String rank(int rank, int ranks) {
        return "rank %d of %d on %s".formatted(rank, ranks, Host.name());
    }

    private static String allOutput(RankOutcome outcome) {
        return outcome.launcherOutput() + outcome.outputs();
    }

    private static void signal(ProcessHandle process, String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
            assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
