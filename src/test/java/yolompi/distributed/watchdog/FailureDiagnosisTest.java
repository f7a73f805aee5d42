package yolompi.distributed.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import yolompi.distributed.watchdog.RankProcess.State;
import yolompi.distributed.watchdog.RankStatus.ActivitySnapshot;

class FailureDiagnosisTest {
    private static final StallTimeouts PATIENCE = new StallTimeouts(20, 300);
    private static final ActivitySnapshot LOADS = new ActivitySnapshot(7, Activity.LOADING, false, 1);
    private static final ActivitySnapshot REDUCES = new ActivitySnapshot(7, Activity.BACKWARD, false, 1);
    private static final ActivitySnapshot WAITS = new ActivitySnapshot(7, Activity.LOADING, true, 1);
    private static final ActivitySnapshot SAVES = new ActivitySnapshot(7, Activity.SAVING, false, 1);

    @Test
    void rankThatNobodyWaitsForIsNotBlamed() {
        assertThat(judge(same(LOADS, 1000), same(LOADS, 1000))).isEmpty();
        assertThat(judge(same(REDUCES, 1000), same(REDUCES, 1000))).isEmpty();
        assertThat(judge(same(LOADS, 299), same(WAITS, 299))).isEmpty();
    }

    @Test
    void rankThatOthersWaitForIsBlamed() {
        assertThat(judge(same(WAITS, 310), same(LOADS, 305), same(REDUCES, 310)))
                .hasValue("""
                        yolo-mpi: rank 1 of 3 on node1 hangs, in step 7, loading images for 305 s
                          waiting: rank 0 (loading images, waiting for all ranks, step 7)
                          waiting: rank 2 (computing and reducing gradients, step 7)
                          the job ends; run the same command with --resume to continue from the last checkpoint""");
    }

    @Test
    void rankThatStaysInTheReductionIsBlamed() {
        assertThat(judge(same(REDUCES, 305), same(WAITS, 305)).orElseThrow())
                .startsWith("yolo-mpi: rank 0 of 2 on node0 hangs");
    }

    @Test
    void savingHasALongerTimeout() {
        assertThat(judge(same(SAVES, 1100), same(WAITS, 1100))).isEmpty();
        assertThat(judge(same(SAVES, 1201), same(WAITS, 1201))).isPresent();
    }

    @Test
    void deadlockOfAllRanksIsReported() {
        assertThat(judge(same(WAITS, 310), same(WAITS, 305)).orElseThrow())
                .startsWith("yolo-mpi: deadlock: all ranks have been waiting for each other for 305 s\n"
                        + "  waiting: ranks 0-1 (");
    }

    @Test
    void waitingRankIsNotBlamedAfterAnotherHasEnded() {
        assertThat(judge(
                        same(WAITS, 310), new Seen(new ActivitySnapshot(7, Activity.ENDING, false, 2)).endedNormally()))
                .isEmpty();
    }

    @Test
    void deadRankIsBlamedForFailuresOfOthers() {
        assertThat(judge(
                                new Seen(REDUCES).failed("Connection closed by peer", 0.1),
                                new Seen(LOADS).process(State.GONE))
                        .orElseThrow())
                .startsWith("yolo-mpi: rank 1 of 2 on node1 died, in step 7")
                .doesNotContain("Connection closed");
    }

    @Test
    void failedReductionIsNotReportedBeforeItsCause() {
        Seen victim = new Seen(REDUCES).failed("Connection closed by peer", 1);
        assertThat(judge(victim, new Seen(REDUCES))).isEmpty();
        assertThat(judge(victim, new Seen(LOADS).failed("shard 3 is damaged", 0.2))
                        .orElseThrow())
                .startsWith("yolo-mpi: rank 1 of 2 on node1 failed")
                .contains("shard 3 is damaged");
    }

    @Test
    void firstFailureIsReportedWithoutAnotherCause() {
        Seen first = new Seen(REDUCES).failed("out of memory", 3.2);
        Seen second = new Seen(REDUCES).failed("Connection closed by peer", 3.1);
        assertThat(judge(second, first).orElseThrow())
                .startsWith("yolo-mpi: rank 1 of 2 on node1 failed")
                .contains("out of memory");
    }

    @Test
    void hangingRankIsBlamedForTheReductionTimeout() {
        Seen victim = new Seen(REDUCES).failed("Timed out", 3.2).same(290);
        assertThat(judge(victim, new Seen(LOADS).same(290)).orElseThrow())
                .startsWith("yolo-mpi: rank 1 of 2 on node1 hangs");
    }

    @Test
    void silenceIsFatalOnlyForRanksOfOtherHosts() {
        assertThat(judge(new Seen(WAITS), new Seen(LOADS).silent(21).process(State.RUNNING)))
                .isEmpty();
        assertThat(judge(new Seen(WAITS), new Seen(LOADS).silent(21).process(State.ELSEWHERE))
                        .orElseThrow())
                .startsWith("yolo-mpi: rank 1 of 2 on node1 has not responded for 21 s");
    }

    @Test
    void rankNumbersArePrintedAsRanges() {
        assertThat(FailureReport.ranges(List.of(3))).isEqualTo("rank 3");
        assertThat(FailureReport.ranges(List.of(0, 2, 3, 4, 7))).isEqualTo("ranks 0, 2-4, 7");
    }

    /** The state of a healthy rank, with methods that change one property. */
    private record Seen(
            ActivitySnapshot doing,
            double same,
            double silent,
            State process,
            Optional<String> failure,
            double failed,
            boolean left) {
        Seen(ActivitySnapshot doing) {
            this(doing, 1, 0.1, State.RUNNING, Optional.empty(), 0, false);
        }

        Seen endedNormally() {
            return new Seen(doing, same, silent, process, failure, failed, true);
        }

        Seen same(double seconds) {
            return new Seen(doing, seconds, silent, process, failure, failed, left);
        }

        Seen silent(double seconds) {
            return new Seen(doing, same, seconds, process, failure, failed, left);
        }

        Seen process(State state) {
            return new Seen(doing, same, silent, state, failure, failed, left);
        }

        Seen failed(String message, double seconds) {
            return new Seen(doing, same, silent, process, Optional.of(message), seconds, left);
        }

        PeerState state(int rank, int size) {
            String name = "rank %d of %d on node%d".formatted(rank, size, rank);
            return new PeerState(rank, name, doing, same, silent, process, 0, 0, failure, failed, left);
        }
    }

    private static Seen same(ActivitySnapshot doing, double seconds) {
        return new Seen(doing).same(seconds);
    }

    private static Optional<String> judge(Seen... ranks) {
        List<PeerState> states = IntStream.range(0, ranks.length)
                .mapToObj(rank -> ranks[rank].state(rank, ranks.length))
                .toList();
        return FailureDiagnosis.of(states, PATIENCE).map(FailureReport::of);
    }
}
