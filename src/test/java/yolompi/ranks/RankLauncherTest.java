package yolompi.ranks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("mpi")
class RankLauncherTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void ranksCommunicateAndWriteTheirOwnOutput(int ranks) {
        RankOutcome outcome = program().ranks(ranks).run("hello", "greetings to you");

        assertThat(outcome.exitCode()).as(outcome.launcherOutput()).isZero();
        assertThat(outcome.outputs()).hasSize(ranks);
        for (int rank = 0; rank < ranks; rank++) {
            assertThat(outcome.lines(rank))
                    .contains(
                            "greetings to you from rank " + rank + " of " + ranks,
                            "sum " + ranks * (ranks + 1) / 2 + ", threads 1");
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void hangingRanksAreKilledAndTheirLastLinesShown() throws InterruptedException {
        List<ProcessHandle> processes;
        // The limit is over from the start; the test itself gives the ranks time to write.
        try (RankJob job = program().ranks(2).within(Duration.ZERO).start("hang")) {
            while (!job.output(0).contains("rank 0 hangs\n") || !job.output(1).contains("rank 1 hangs\n")) {
                Thread.sleep(10);
            }
            processes = IntStream.range(0, 2).mapToObj(job::process).toList();
            assertThat(processes).allMatch(ProcessHandle::isAlive);

            assertThatThrownBy(job::await)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("0 s", "-- rank 0:\nrank 0 hangs", "-- rank 1:\nrank 1 hangs");
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(job.launcher().isAlive()).isFalse();
        }
    }

    @Test
    void closedJobLeavesNoProcess() {
        ProcessHandle rank;
        try (RankJob job = program().ranks(2).start("hang")) {
            rank = job.process(1);
        }
        assertThat(rank.isAlive()).isFalse();
    }

    @Test
    void failingRankEndsTheJobWithItsExitCode() {
        RankOutcome outcome = program().ranks(2).run("fail");

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.output(1)).contains("rank 1 fails");
        assertThat(outcome.launcherOutput()).contains("Exit code:    3");
    }

    @Test
    void killedRankEndsTheJob() {
        try (RankJob job = program().ranks(2).start("hang")) {
            job.awaitOutput(1, "hangs");
            job.process(1).destroyForcibly();

            assertThat(job.await().exitCode()).isNotZero();
        }
    }

    private static RankLauncher program() {
        return RankLauncher.ofMain(RankProgram.class).inOwnProcesses();
    }
}
