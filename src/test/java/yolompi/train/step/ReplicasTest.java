package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.Batch;
import yolompi.data.PackedShapes;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/**
 * Compares a process with several replicas of the network, all on the CPU, with one that has a
 * single network.
 */
@ExtendWith(LoadLibTorch.class)
class ReplicasTest {
    private static float[] headBiasOfOneReplica;

    @BeforeAll
    static void trainOneReplica() {
        headBiasOfOneReplica = headBiasAfterThreeSteps(1);
    }

    /**
     * The backbone is frozen until the last step. The three micro-batches are more than, as many
     * as, and fewer than the replicas.
     */
    @ParameterizedTest(name = "{0} replicas")
    @ValueSource(ints = {2, 3, 4})
    void replicasTrainTheWeightsOfOneReplica(int replicas) {
        float[] found = headBiasAfterThreeSteps(replicas);

        assertThat(found).hasSameSizeAs(headBiasOfOneReplica);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(headBiasOfOneReplica[i], within(1e-5));
        }
        assertThat(found).isNotEqualTo(headBias(newNetwork()));
    }

    private static float[] headBiasAfterThreeSteps(int replicas) {
        Recipe recipe = RecipeFile.parse("test", """
                model.frozen_batch_norm = true
                model.freeze = "backbone"
                train.batch = 6
                optimizer.momentum = 0.0
                optimizer.nesterov = false
                dist.replicas = %d
                """.formatted(replicas), List.of());
        Network network = newNetwork();
        try (Communicator alone = Communicator.alone();
                ProcessGroup group = ProcessGroups.create(alone, recipe.dist(), false);
                TrainStep step = new TrainStep(network, recipe, alone, group, DeviceContext.PLAIN)) {
            for (int i = 0; i < 3; i++) {
                if (i == 2) {
                    assertThat(step.unfreeze()).isTrue();
                }
                assertThat(step.run(pieces(6 * i), StepHyperparameters.of(0.01, 0.9))
                                .finite())
                        .isTrue();
            }
        }
        return headBias(network);
    }

    private static Network newNetwork() {
        return new Network(ArchitectureReader.read(PackedShapes.SLIM_TINY, List.of(), 3), 1);
    }

    private static List<Batch> pieces(int first) {
        return List.of(
                RandomBatches.of(first, first + 2, 64, 3),
                RandomBatches.of(first + 2, first + 4, 64, 3),
                RandomBatches.of(first + 4, first + 6, 64, 3));
    }

    private static float[] headBias(Network network) {
        int last = network.parameters().size() - 1;
        return Tensors.toFloats(network.parameters().get(last).tensor());
    }
}
