package yolompi.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommunicatorTest {
    @Tag("mpi")
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void ranksExchangeBytesDecisionsAndTensors(int ranks) {
        RankOutcome outcome =
                RankLauncher.ofMain(CommunicatorProgram.class).ranks(ranks).run();

        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        String host = Host.name();
        double sum = ranks * (ranks - 1) / 2.0;
        for (int rank = 0; rank < ranks; rank++) {
            assertThat(outcome.lines(rank))
                    .contains(
                            "world %d of %d, rank %d of %d on %s".formatted(rank, ranks, rank, ranks, host),
                            "cores 1", // as OMP_NUM_THREADS says
                            "bytes true",
                            "sum [%s, %s]".formatted(sum, 0.5 * ranks),
                            "numbers [0.1, NaN]",
                            "any true false",
                            "agreed value " + rank,
                            "one refused: rank 1: shard 3 is damaged",
                            "all refused: no such recipe",
                            "same fine",
                            "differing refused: rank 1 on %s has another data set than rank 0 on %s; start all ranks with the same files and arguments"
                                    .formatted(host, host))
                    .anyMatch(line -> line.startsWith("text [größe 0, größe 1") && line.endsWith(" from 0"));
            for (String backend : List.of("gloo", "mpi")) {
                int gradient = (rank + 1) * ranks * (ranks + 1) / 2;
                assertThat(outcome.lines(rank))
                        .contains(
                                backend + " average [%s, 10.0]".formatted((float) (sum / ranks)),
                                backend + " broadcast [5.0]",
                                backend + " sums Float true",
                                backend + " sums Half true",
                                backend + " sums BFloat16 true",
                                backend + " rows " + rows(ranks) + " [%d.0, %d.0]".formatted(gradient, gradient));
            }
        }
    }

    private static String rows(int ranks) {
        return IntStream.range(0, ranks)
                .mapToObj(rank -> "%d.0, %d.0".formatted(rank, 2 * rank))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    @Test
    void aProcessWithoutLauncherIsAWorldOfOne() {
        try (Communicator alone = new SingleProcess()) {
            assertThat(alone.world()).isEqualTo(World.alone(Host.name()));
            assertThat(alone.allGather("own")).containsExactly("own");
            assertThat(alone.sum(2, 3)).containsExactly(2, 3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 1", "0-3; 4", "0-3,8; 5", "1,3,5-6; 4"})
    void coresAreCountedInTheKernelsNotation(String processors, int count) {
        assertThat(Cores.count(processors)).isEqualTo(count);
    }
}
