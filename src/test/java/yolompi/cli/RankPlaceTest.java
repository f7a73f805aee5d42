package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankPlaceTest {
    private static RankPlace place(int rank, String host, String gpu, String processors) {
        return new RankPlace("rank " + rank + " of 4 on " + host, host, gpu, "bf16 on GPU 0", processors, 8, 31_200);
    }

    @Test
    void lineListsDeviceCoresAndMemoryOfARank() {
        assertThat(place(1, "n1", "a", "0-7").line())
                .isEqualTo("rank 1 of 4 on n1: bf16 on GPU 0, 8 cores (0-7), 8 threads, 31,200 MiB free");
    }

    @Test
    void sharedGpuAndSingleCoreGiveWarnings() {
        List<RankPlace> places = List.of(
                place(0, "n1", "nvidia0 0", "0-3"),
                place(1, "n1", "nvidia0 0", "4-7"),
                place(2, "n2", "nvidia0 0", "0"),
                place(3, "n2", "nvidia1 0", "4-7"));
        assertThat(RankPlace.warnings(places))
                .satisfiesExactlyInAnyOrder(
                        warning -> assertThat(warning)
                                .contains("rank 0 of 4 on n1, rank 1 of 4 on n1 share one GPU")
                                .doesNotContain("n2"),
                        warning -> assertThat(warning).contains("rank 2 of 4 on n2 has only one", "--cpus-per-task"));
    }

    @Test
    void ranksOnTheCpuGiveNoWarning() {
        assertThat(RankPlace.warnings(List.of(place(0, "n1", "", "0-1"), place(1, "n1", "", "0-1"))))
                .isEmpty();
    }
}
