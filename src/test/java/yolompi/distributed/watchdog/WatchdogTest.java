package yolompi.distributed.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import yolompi.distributed.world.Host;
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.ranks.StallProgram;

/**
 * Loses real ranks. The job ends with one report that names the victim, however slow the machine
 * is. {@link FailureDetectorTest} tests time-outs and further cases.
 */
@Tag("mpi")
class WatchdogTest {
    /** The time between TERM and KILL when Open MPI ends a job. */
    private static final String LAUNCHER_WAITS = "OMPI_MCA_odls_base_sigkill_timeout";
    /**
     * mpirun sees only the shell, and then the sleep that replaces it. Both survive the victim, so
     * only the report can end the job.
     */
    private static final String[] UNSEEN_BY_LAUNCHER = {"sh", "-c", "\"$0\" \"$@\"; exec sleep 600"};

    @Test
    void killedRankIsNamedAlthoughMpirunEndsTheJob() {
        try (RankJob job = ranks(4).environment(LAUNCHER_WAITS, "10").start("KILL", "2", "3")) {
            assertThat(reportAtTheEndOf(job))
                    .startsWith("yolo-mpi: " + rank(2, 4) + " died")
                    .contains("--resume");
        }
    }

    @Test
    void killedRankZeroIsNamedByTheDeputy() {
        try (RankJob job = ranks(2).under(UNSEEN_BY_LAUNCHER).start("KILL", "0", "3")) {
            assertThat(reportAtTheEndOf(job)).startsWith("yolo-mpi: " + rank(0, 2) + " died");
            assertThat(job.output(1)).contains("died");
        }
    }

    @Test
    void stoppedRankZeroIsNamedByTheDeputy() {
        try (RankJob job = ranks(2).start("STOP", "0", "3")) {
            assertThat(reportAtTheEndOf(job))
                    .startsWith("yolo-mpi: " + rank(0, 2) + " has been stopped (SIGSTOP, or a debugger) for ");
            assertThat(job.output(1)).contains("has been stopped");
        }
    }

    /**
     * The victim hangs in its first step. In a later step, its last message could say that it
     * waits.
     */
    @Test
    void rankThatHangsWhileTheOtherWaitsIsNamed() {
        try (RankJob job = ranks(2).start("hang", "1", "1")) {
            assertThat(reportAtTheEndOf(job))
                    .startsWith("yolo-mpi: " + rank(1, 2) + " hangs")
                    .contains("waiting: rank 0 (loading images, waiting for all ranks, step 1)");
        }
    }

    @Test
    void rankThatFailsIsNamedWithItsMessage() {
        try (RankJob job = ranks(2).start("fail", "0", "3")) {
            assertThat(reportAtTheEndOf(job))
                    .startsWith("yolo-mpi: " + rank(0, 2) + " failed, in step 3, loading images for ")
                    .contains(": shard 3 is damaged");
        }
    }

    /**
     * The victim waits long before it ends, so that it is named first. The other rank judges as
     * early as possible.
     */
    @Test
    void rankThatAloneReceivesTermIsNamed() {
        String victimWaits = "[ $OMPI_COMM_WORLD_RANK != 1 ] || export " + LAUNCHER_WAITS + "=10; exec \"$0\" \"$@\"";
        try (RankJob job = ranks(2).under("sh", "-c", victimWaits).start("TERM", "1", "3")) {
            assertThat(reportAtTheEndOf(job)).startsWith("yolo-mpi: " + rank(1, 2) + " received SIGTERM");
        }
    }

    /**
     * Each rank hears that the other received SIGTERM before mpirun kills one, because it waits
     * longer than mpirun.
     */
    @Test
    void jobThatIsEndedFromOutsideBlamesNobody() throws IOException, InterruptedException {
        try (RankJob job = ranks(2).environment(LAUNCHER_WAITS, "4")
                .under("env", LAUNCHER_WAITS + "=10")
                .start("nothing", "1", "1")) {
            job.awaitOutput(1, "step 3.");
            new ProcessBuilder("kill", "-TERM", Long.toString(job.launcher().pid()))
                    .start()
                    .waitFor();
            RankOutcome outcome = endOf(job);
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(allOutput(outcome)).doesNotContain("yolo-mpi: ");
        }
    }

    @Test
    void rankThatIsKilledBeforeItJoinsEndsTheJob() {
        try (RankJob job = ranks(2).start("KILL", "1", "0")) {
            assertThat(endOf(job).exitCode()).isNotZero();
        }
    }

    @Test
    void rankThatIsStoppedBeforeItJoinsEndsTheJobAtTheDeadline() {
        try (RankJob job = ranks(2).jvmFlags("-D" + JoinTimeout.SECONDS + "=1").start("STOP", "1", "0")) {
            assertThat(reportAtTheEndOf(job))
                    .startsWith("yolo-mpi: a rank on " + Host.name() + " waited 1 s for all ranks to join the job");
        }
    }

    /** mpirun kills the ranks of an ending job at once. */
    private static RankLauncher ranks(int count) {
        return RankLauncher.ofMain(StallProgram.class).ranks(count).environment(LAUNCHER_WAITS, "0");
    }

    /** Returns the report; fails if the job does not end with exactly one. */
    private static String reportAtTheEndOf(RankJob job) {
        RankOutcome outcome = endOf(job);
        assertThat(outcome.exitCode()).isNotZero();
        List<String> reports = outcome.outputs().stream()
                .filter(output -> output.contains("yolo-mpi: "))
                .toList();
        assertThat(reports).as(allOutput(outcome)).hasSize(1);
        String report = reports.get(0).substring(reports.get(0).indexOf("yolo-mpi: "));
        assertThat(report.lines().filter(line -> line.startsWith("yolo-mpi: "))).hasSize(1);
        return report;
    }

    private static RankOutcome endOf(RankJob job) {
        RankOutcome outcome = job.await();
        outcome.outputs().stream().flatMap(WatchdogTest::process).forEach(process -> process.onExit()
                .orTimeout(5, TimeUnit.MINUTES)
                .join());
        assertThat(allOutput(outcome)).doesNotContain("fatal error has been detected");
        return outcome;
    }

    /** The process of the rank that wrote the output, if it is alive. */
    private static Stream<ProcessHandle> process(String output) {
        return output.lines()
                .filter(line -> line.startsWith("process "))
                .mapToLong(line -> Long.parseLong(line.substring("process ".length())))
                .mapToObj(ProcessHandle::of)
                .flatMap(process -> process.stream());
    }

    private static String rank(int rank, int ranks) {
        return "rank %d of %d on %s".formatted(rank, ranks, Host.name());
    }

    private static String allOutput(RankOutcome outcome) {
        return outcome.launcherOutput() + outcome.outputs();
    }
}
