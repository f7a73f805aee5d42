package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.dist.World;

class ComputeChoiceTest {
    private static final World FIFTH_OF_EIGHT_SECOND_ON_ITS_HOST = new World(5, 8, 1, 4, "node01");

    @Test
    void aRankTakesTheGpuOfItsNumberOnItsHost() {
        assertThat(ComputeChoice.gpuOf(FIFTH_OF_EIGHT_SECOND_ON_ITS_HOST, 4, false))
                .isEqualTo(1);
    }

    @Test
    void moreRanksThanGpusAreRefusedUnlessTheyMayShare() {
        assertThatThrownBy(() -> ComputeChoice.gpuOf(FIFTH_OF_EIGHT_SECOND_ON_ITS_HOST, 1, false))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("4 ranks on node01", "1 GPUs", "dist.share_gpus");
        assertThat(ComputeChoice.gpuOf(FIFTH_OF_EIGHT_SECOND_ON_ITS_HOST, 1, true))
                .isZero();
    }

    @Test
    void withoutGpusTheMessageSaysHowToGetThem() {
        assertThatThrownBy(() -> ComputeChoice.gpuOf(FIFTH_OF_EIGHT_SECOND_ON_ITS_HOST, 0, true))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("rank 5 of 8 on node01", "sees no GPU", "-Pgpu", "CUDA_VISIBLE_DEVICES");
    }
}
