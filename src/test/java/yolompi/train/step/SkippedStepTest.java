package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
 * Steps with values that are not finite, in one process. {@link SkippedStepRanksTest} tests several
 * ranks.
 */
@ExtendWith(LoadLibTorch.class)
class SkippedStepTest {
    private final Recipe recipe =
            RecipeFile.parse("test", "[data]\nsize = 64\n[train]\nbatch = 2\nema_decay = 0.0", List.of());
    private final Communicator alone = Communicator.alone();
    private Network network;
    private ProcessGroup group;
    private TrainStep step;

    @BeforeEach
    void makeNetwork() {
        network = new Network(ArchitectureReader.read(PackedShapes.SLIM_TINY, List.of(), 3), 1);
        group = ProcessGroups.create(alone, recipe.dist(), false);
        step = new TrainStep(network, recipe, alone, group, DeviceContext.PLAIN);
    }

    @AfterEach
    void close() {
        step.close();
        group.close();
        alone.close();
    }

    /**
     * The unbiased variance of one value is 0/0. It enters the running statistics, not the loss.
     */
    @Test
    void stepThatWouldMakeStatisticsNanChangesNothing() {
        float[] statistics = Tensors.toFloats(network.runningStats());
        float[] weights = firstWeights();

        TrainStep.Result result = step.run(List.of(RandomBatches.of(1, 2, 32, 3)), StepHyperparameters.of(0.01, 0.9));

        assertThat(result.loss()).isFinite();
        assertThat(result.finite()).isFalse();
        assertThat(Tensors.toFloats(network.runningStats())).containsExactly(statistics);
        assertThat(firstWeights()).containsExactly(weights);
    }

    @Test
    void stepWithNanChangesNothingAndTheNextStepSucceeds() {
        Tensor bias = network.parameters().get(network.parameters().size() - 1).tensor();
        float[] statistics = Tensors.toFloats(network.runningStats());
        float[] weights = firstWeights();
        float[] goodBias = Tensors.toFloats(bias);
        fill(bias, Float.NaN);

        assertThat(run().finite()).isFalse();
        assertThat(Tensors.toFloats(network.runningStats())).containsExactly(statistics);
        assertThat(firstWeights()).containsExactly(weights);

        fill(bias, goodBias[0]);
        assertThat(run().finite()).isTrue();
        assertThat(firstWeights()).isNotEqualTo(weights);
    }

    @Test
    void infiniteGradientsAreDistinguishedFromAnInfiniteLoss() {
        TensorTensorHook overflow = infinity();
        network.parameters().get(0).tensor().register_hook(overflow);

        TrainStep.Result result = run();

        assertThat(result.finite()).isFalse();
        assertThat(result.whatIsNotFinite())
                .startsWith("gradients or batch-norm statistics are not finite (the loss is finite: ");
    }

    private TrainStep.Result run() {
        return step.run(List.of(RandomBatches.of(1, 3, 64, 3)), StepHyperparameters.of(0.01, 0.9));
    }

    private float[] firstWeights() {
        return Tensors.toFloats(network.parameters().get(0).tensor());
    }

    /** Makes every gradient infinite, as an overflow does. */
    static TensorTensorHook infinity() {
        return new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase gradient) {
                return new Tensor(gradient).mul(new Scalar(Double.POSITIVE_INFINITY));
            }
        };
    }

    private static void fill(Tensor tensor, float value) {
        try (NoGradGuard constant = new NoGradGuard()) {
            tensor.fill_(new Scalar(value));
        }
    }
}
