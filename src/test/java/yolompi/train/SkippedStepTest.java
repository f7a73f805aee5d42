package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.dist.Backends;
import yolompi.dist.Communicator;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;
import yolompi.dist.TensorGroup;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Compute;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
class SkippedStepTest {
    private static final Recipe RECIPE =
            RecipeFile.parse("test", "[data]\nsize = 64\n[train]\nbatch = 2\nema_decay = 0.0", List.of());

    /** A variance of one value is 0/0: the loss knows nothing of it. */
    @Test
    void aStepThatWouldMakeStatisticsNaNChangesNothing() {
        Network network = new Network(Architecture.read("yolov3-tiny", List.of(), 3), 1);
        try (Communicator alone = Communicator.join();
                TensorGroup group = Backends.meet(alone, RECIPE.dist(), false);
                TrainStep step = new TrainStep(network, RECIPE, alone, group, Compute.PLAIN)) {
            float[] statistics = Tensors.toFloats(network.statistics());

            TrainStep.Result result = step.run(List.of(RandomBatches.of(1, 2, 32, 3)), Rates.of(0.01, 0.9));

            assertThat(result.loss()).isFinite();
            assertThat(result.finite()).isFalse();
            assertThat(Tensors.toFloats(network.statistics())).containsExactly(statistics);
        }
    }

    @Test
    void aStepWhoseNumbersAreNotFiniteChangesNothingAndTheNextOneGoesOn() {
        Network network = new Network(Architecture.read("yolov3-tiny", List.of(), 3), 1);
        try (Communicator alone = Communicator.join();
                TensorGroup group = Backends.meet(alone, RECIPE.dist(), false);
                TrainStep step = new TrainStep(network, RECIPE, alone, group, Compute.PLAIN)) {
            Tensor bias =
                    network.parameters().get(network.parameters().size() - 1).tensor();
            float[] statistics = Tensors.toFloats(network.statistics());
            float[] firstWeights = Tensors.toFloats(network.parameters().get(0).tensor());
            float[] goodBias = Tensors.toFloats(bias);
            fill(bias, Float.NaN);

            assertThat(step.run(List.of(RandomBatches.of(1, 3, 64, 3)), Rates.of(0.01, 0.9))
                            .finite())
                    .isFalse();
            assertThat(Tensors.toFloats(network.statistics())).containsExactly(statistics);
            assertThat(Tensors.toFloats(network.parameters().get(0).tensor())).containsExactly(firstWeights);

            fill(bias, goodBias[0]);
            assertThat(step.run(List.of(RandomBatches.of(1, 3, 64, 3)), Rates.of(0.01, 0.9))
                            .finite())
                    .isTrue();
            assertThat(Tensors.toFloats(network.parameters().get(0).tensor())).isNotEqualTo(firstWeights);
        }
    }

    @Test
    void gradientsThatAreNotFiniteAreToldFromALossThatIsNot() {
        Network network = new Network(Architecture.read("yolov3-tiny", List.of(), 3), 1);
        TensorTensorHook overflow = infinity();
        try (Communicator alone = Communicator.join();
                TensorGroup group = Backends.meet(alone, RECIPE.dist(), false);
                TrainStep step = new TrainStep(network, RECIPE, alone, group, Compute.PLAIN)) {
            network.parameters().get(0).tensor().register_hook(overflow);

            TrainStep.Result result = step.run(List.of(RandomBatches.of(1, 3, 64, 3)), Rates.of(0.01, 0.9));

            assertThat(result.finite()).isFalse();
            assertThat(result.whatIsNotFinite())
                    .startsWith("gradients or statistics of batch norms are not finite (the loss is: ");
        }
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

    @Test
    @Tag("mpi")
    void gradientsThatAreNotFiniteOnOneRankMakeAllLeaveTheStepOut() {
        RankOutcome outcome =
                RankLauncher.ofMain(LoneOverflowProgram.class).ranks(2).run();

        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();
        assertThat(outcome.outputs()).allMatch(output -> output.contains("finite: false"));
    }

    @Test
    @Tag("mpi")
    void theRankWhoseImagesAreNotFiniteIsToldFromOthersThatShareItsStatistics() {
        RankOutcome outcome =
                RankLauncher.ofMain(LoneCulpritProgram.class).ranks(2).run();

        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();
        assertThat(outcome.outputs()).allMatch(output -> output.contains("\nfinite: false"));
        assertThat(outcome.output(0)).contains("own part finite: true");
        assertThat(outcome.output(1)).contains("own part finite: false");
    }

    private static void fill(Tensor tensor, float value) {
        try (NoGradGuard constant = new NoGradGuard()) {
            tensor.fill_(new Scalar(value));
        }
    }
}
