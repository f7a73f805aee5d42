package yolompi.distributed.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.distributed.world.World;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.ModelRecipe.Layout;
import yolompi.recipe.RecipeFile;

class DeviceChoiceTest {
    private static final World RANK_5_OF_8_LOCAL_RANK_1 = new World(5, 8, 1, 4, "node01");

    private static DistRecipe dist(String... changes) {
        return RecipeFile.parse("test", "", List.of(changes)).dist();
    }

    @Test
    void localRankSelectsTheGpu() {
        assertThat(DeviceChoice.gpuOf(RANK_5_OF_8_LOCAL_RANK_1, 4, dist())).isEqualTo(1);
    }

    @Test
    void rankWithReplicasTakesConsecutiveGpus() {
        assertThat(DeviceChoice.gpuOf(RANK_5_OF_8_LOCAL_RANK_1, 8, dist("dist.replicas=2")))
                .isEqualTo(2);
        assertThatThrownBy(() -> DeviceChoice.gpuOf(World.alone("node01"), 1, dist("dist.replicas=2")))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("dist.replicas = 2", "2 GPUs", "see 1");
    }

    @Test
    void moreRanksThanGpusAreRefusedUnlessGpusAreShared() {
        assertThatThrownBy(() -> DeviceChoice.gpuOf(RANK_5_OF_8_LOCAL_RANK_1, 1, dist()))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("4 ranks", "node01", "see 1", "dist.share_gpus");
        assertThat(DeviceChoice.gpuOf(RANK_5_OF_8_LOCAL_RANK_1, 1, dist("dist.share_gpus=true")))
                .isZero();
    }

    @Test
    void autoLayoutIsTheFasterOne() {
        assertThat(DeviceChoice.layout(Layout.AUTO, true)).isEqualTo(MemoryFormat.ChannelsLast);
        assertThat(DeviceChoice.layout(Layout.AUTO, false)).isEqualTo(MemoryFormat.Contiguous);
        assertThat(DeviceChoice.layout(Layout.CHANNELS_LAST, false)).isEqualTo(MemoryFormat.ChannelsLast);
        assertThat(DeviceChoice.layout(Layout.PLAIN, true)).isEqualTo(MemoryFormat.Contiguous);
    }

    @Test
    void channelsLastIsRefusedIfItWouldCrash() {
        assertThat(DeviceChoice.cpuLayout(Layout.AUTO, false, false)).isEqualTo(MemoryFormat.Contiguous);
        assertThat(DeviceChoice.cpuLayout(Layout.CHANNELS_LAST, false, true)).isEqualTo(MemoryFormat.ChannelsLast);
        assertThatThrownBy(() -> DeviceChoice.cpuLayout(Layout.CHANNELS_LAST, false, false))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("model.layout", "does not report its cache sizes", "\"plain\"");
    }

    @Test
    void missingGpuMessageNamesTheRemedy() {
        assertThatThrownBy(() -> DeviceChoice.gpuOf(RANK_5_OF_8_LOCAL_RANK_1, 0, dist()))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("rank 5 of 8 on node01", "sees no GPU", "-Pgpu", "\"cpu\"");
    }
}
