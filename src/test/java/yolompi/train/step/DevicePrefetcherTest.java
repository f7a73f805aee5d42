package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.data.PackedShapes;
import yolompi.data.StepBatches;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;

/** On the CPU, batches pass unchanged. {@code GpuStepTest} tests the feed of a GPU. */
@ExtendWith(LoadLibTorch.class)
class DevicePrefetcherTest {
    @Test
    void stepsOnTheCpuArriveInOrderWithoutPrefetching() {
        Recipe recipe = RecipeFile.parse("test", "train.batch = 2", List.of());
        Network network = new Network(
                ArchitectureReader.read(PackedShapes.SLIM_TINY, List.of(), 3),
                1,
                DeviceContext.PLAIN,
                Optional.empty());
        Deque<StepBatches> left = new ArrayDeque<>();
        for (int i = 0; i < 3; i++) {
            left.add(new StepBatches(i, List.of(RandomBatches.of(2 * i, 2 * i + 2, 64, 3))));
        }
        List<StepBatches> all = List.copyOf(left);
        try (Communicator alone = Communicator.alone();
                ProcessGroup group = ProcessGroups.create(alone, recipe.dist(), false);
                TrainStep step = new TrainStep(network, recipe, alone, group, DeviceContext.PLAIN);
                DevicePrefetcher feed =
                        new DevicePrefetcher(() -> !left.isEmpty(), left::remove, step, DeviceContext.PLAIN)) {
            for (StepBatches expected : all) {
                assertThat(left).contains(expected);
                assertThat(feed.hasNext()).isTrue();
                assertThat(feed.next()).isSameAs(expected);
            }
            assertThat(feed.hasNext()).isFalse();
        }
    }
}
