package yolompi.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.distributed.world.Host;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.report.metrics.RankTime;
import yolompi.train.log.RankTimes.Stragglers;

class StragglersTest {
    @TempDir
    private Path folder;

    @Tag("mpi")
    @ParameterizedTest
    @ValueSource(strings = {"numbers", "tensors"})
    void waitingForASlowRankIsCommunicationTime(String by) {
        RankOutcome outcome =
                RankLauncher.ofMain(StragglerProgram.class).ranks(3).run(by, folder.toString());

        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();
        List<String> times = outcome.lines(0).stream()
                .filter(line -> line.startsWith("RankTime[step=101, "))
                .toList();
        assertThat(times).hasSize(3);
        for (int rank = 0; rank < 3; rank++) {
            assertThat(outcome.lines(rank)).containsAll(times);
            assertThat(times.get(rank)).contains("name=rank %d of 3 on %s, ".formatted(rank, Host.name()));
            assertThat(number(times.get(rank), "dataWaitMs")).isEqualTo(rank);
        }
        assertThat(number(times.get(0), "communicationMs")).isGreaterThanOrEqualTo(StragglerProgram.WORK_MILLIS);
        assertThat(number(times.get(2), "communicationMs")).isGreaterThanOrEqualTo(StragglerProgram.WORK_MILLIS);
        assertThat(number(times.get(1), "stepMs") - number(times.get(1), "communicationMs"))
                .isGreaterThanOrEqualTo(StragglerProgram.WORK_MILLIS);
    }

    private static double number(String line, String name) {
        return Double.parseDouble(line.replaceAll(".*" + name + "=([^,\\]]+).*", "$1"));
    }

    @Test
    void slowerOfTwoRanksIsFound() {
        assertThat(new Stragglers(1.5).newlyFoundIn(times(10, 16)))
                .singleElement()
                .asString()
                .contains("rank 1 is slow: 16 ms per step without waiting for other ranks, 1.6 times the median");
        assertThat(new Stragglers(1.5).newlyFoundIn(times(15, 10))).isEmpty();
    }

    @Test
    void slowRankIsReportedWithStepAndDataWait() {
        List<RankTime> times = List.of(
                new RankTime(120, 0, "n1", "rank 0 of 2 on n1", 50, 0, 40),
                new RankTime(120, 1, "n2", "rank 1 of 2 on n2", 50, 1, 0));
        assertThat(new Stragglers(1.5).newlyFoundIn(times))
                .singleElement()
                .asString()
                .startsWith("step 120: rank 1 of 2 on n2 is slow: 50 ms")
                .endsWith("; 1 ms of it waiting for images");
    }

    @Test
    void rankThatStaysSlowIsReportedOnce() {
        Stragglers stragglers = new Stragglers(1.5);
        assertThat(stragglers.newlyFoundIn(times(10, 10, 30, 10))).hasSize(1);
        assertThat(stragglers.newlyFoundIn(times(10, 10, 30, 40)))
                .singleElement()
                .asString()
                .contains("rank 3");
        assertThat(stragglers.newlyFoundIn(times(10, 10, 10, 10))).isEmpty();
        assertThat(stragglers.newlyFoundIn(times(10, 10, 30, 10))).hasSize(1);
    }

    /** Every step takes 50 ms, including the wait for others. */
    private static List<RankTime> times(double... ownMs) {
        return IntStream.range(0, ownMs.length)
                .mapToObj(rank -> new RankTime(20, rank, "node", "rank " + rank, 50, 0, 50 - ownMs[rank]))
                .toList();
    }
}
