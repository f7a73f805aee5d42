package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.dist.Host;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;
import yolompi.report.RankTime;

class StragglersTest {
    @Tag("mpi")
    @ParameterizedTest
    @ValueSource(strings = {"numbers", "tensors"})
    void theRankThatTheOthersWaitForIsNamedOnAllRanks(String by) {
        RankOutcome outcome =
                RankLauncher.ofMain(StragglerProgram.class).ranks(3).run(by);

        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();
        for (int rank = 0; rank < 3; rank++) {
            assertThat(outcome.lines(rank).stream().filter(line -> line.startsWith("RankTime")))
                    .hasSize(3);
            assertThat(outcome.lines(rank).stream().filter(line -> line.startsWith("step ")))
                    .singleElement()
                    .asString()
                    .startsWith("step 120: rank 1 of 3 on " + Host.name() + " is slow: ")
                    .endsWith("; 1 ms of them waiting for images");
        }
    }

    @Test
    void ofTwoRanksTheSlowerOneIsFound() {
        assertThat(new Stragglers(1.5).newlyFoundIn(times(10, 16)))
                .singleElement()
                .asString()
                .contains("rank 1 is slow: 16 ms a step without waiting for others, 1.6 times the median");
        assertThat(new Stragglers(1.5).newlyFoundIn(times(15, 10))).isEmpty();
    }

    @Test
    void aRankThatStaysSlowIsToldOnce() {
        Stragglers stragglers = new Stragglers(1.5);
        assertThat(stragglers.newlyFoundIn(times(10, 10, 30, 10))).hasSize(1);
        assertThat(stragglers.newlyFoundIn(times(10, 10, 30, 40)))
                .singleElement()
                .asString()
                .contains("rank 3");
        assertThat(stragglers.newlyFoundIn(times(10, 10, 10, 10))).isEmpty();
        assertThat(stragglers.newlyFoundIn(times(10, 10, 30, 10))).hasSize(1);
    }

    /** All take 50 ms with waiting. */
    private static List<RankTime> times(double... ownMs) {
        return IntStream.range(0, ownMs.length)
                .mapToObj(rank -> new RankTime(20, rank, "node", "rank " + rank, 50, 0, 50 - ownMs[rank]))
                .toList();
    }
}
