package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorTensorHook;
import yolompi.data.Batch;
import yolompi.data.PackedShapes;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.DifferentiableAllGather;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.optim.LossScale;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.ranks.RankTest;
import yolompi.ranks.RankTestCase;
import yolompi.ranks.WorldSizes;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.torch.Precision;
import yolompi.torch.Tensors;

/** Steps in which only the last of two ranks has values that are not finite. */
@WorldSizes(2)
final class SkippedStepRanksTest implements RankTestCase<Communicator> {
    private static final Architecture ARCHITECTURE = ArchitectureReader.read(PackedShapes.SLIM_TINY, List.of(), 3);
    private static final StepHyperparameters RATES = StepHyperparameters.of(0.01, 0.9);
    private static final double BEYOND_FP16 = 1e6;

    @Override
    public Communicator open(Communicator ranks) {
        return ranks;
    }

    /** The ranks do not exchange gradients here, so only one rank has infinite gradients. */
    @RankTest
    void infiniteGradientsOfOneRankMakeAllRanksSkipTheStep(Communicator ranks) {
        Recipe recipe = recipe("train.batch = 2");
        Network network = new Network(ARCHITECTURE, 1);
        TensorTensorHook overflow = SkippedStepTest.infinity();
        try (Communicator self = Communicator.alone();
                ProcessGroup none = ProcessGroups.create(self, recipe.dist(), false);
                TrainStep step = new TrainStep(network, recipe, ranks, none, DeviceContext.PLAIN)) {
            if (isLast(ranks)) {
                network.parameters().get(0).tensor().register_hook(overflow);
            }

            assertThat(step.run(List.of(RandomBatches.of(1, 2, 64, 3)), RATES).finite())
                    .isFalse();
        }
    }

    @RankTest
    void rankWithNanIsFoundAmongRanksThatShareItsStatistics(Communicator ranks) {
        Recipe recipe = recipe("train.batch = 4\nmodel.sync_batch_norm = true");
        try (ProcessGroup group = ProcessGroups.create(ranks, recipe.dist(), false)) {
            DifferentiableAllGather rows = new DifferentiableAllGather(group);
            Network network = new Network(ARCHITECTURE, 1, DeviceContext.PLAIN, Optional.of(rows::gather));
            try (TrainStep step = new TrainStep(network, recipe, ranks, group, DeviceContext.PLAIN)) {
                if (isLast(ranks)) {
                    fill(network.parameters().get(0).tensor(), Double.NaN);
                }
                List<Batch> batches = List.of(RandomBatches.of(1, 3, 64, 3));

                assertThat(step.run(batches, RATES).finite()).isFalse();
                assertThat(step.notFinite(batches).isEmpty()).isEqualTo(!isLast(ranks));
            }
        }
    }

    @RankTest
    void fp16OverflowOfOneRankHalvesTheLossScaleOfAll(Communicator ranks) {
        DeviceContext half = DeviceContext.cpu(Precision.FP16);
        Recipe recipe = recipe("train.batch = 4");
        Network network = new Network(ARCHITECTURE, 1, half, Optional.empty());
        try (ProcessGroup group = ProcessGroups.create(ranks, recipe.dist(), false);
                TrainStep step = new TrainStep(network, recipe, ranks, group, half)) {
            lossScale(step).copy_(Tensors.ofFloats(new float[] {1024, 0}, 2)); // within fp16, for so few images
            int first = 1 + 2 * ranks.world().rank();
            List<Batch> batches = List.of(RandomBatches.of(first, first + 2, 64, 3));

            assertThat(step.run(batches, RATES).finite()).isTrue();
            assertThat(Tensors.toFloats(lossScale(step))[0]).isEqualTo(1024);

            if (isLast(ranks)) {
                fill(network.parameters().get(network.parameters().size() - 1).tensor(), BEYOND_FP16);
            }
            assertThat(step.run(batches, RATES).finite()).isFalse();
            assertThat(Tensors.toFloats(lossScale(step))[0]).isEqualTo(512);
        }
    }

    private static Recipe recipe(String lines) {
        return RecipeFile.parse("test", lines + "\ndata.size = 64", List.of());
    }

    private static boolean isLast(Communicator ranks) {
        return ranks.world().rank() == ranks.world().size() - 1;
    }

    private static Tensor lossScale(TrainStep step) {
        return step.state().stream()
                .filter(parameter -> parameter.name().equals(LossScale.NAME))
                .findFirst()
                .orElseThrow()
                .tensor();
    }

    private static void fill(Tensor tensor, double value) {
        try (NoGradGuard constant = new NoGradGuard()) {
            tensor.fill_(new Scalar(value));
        }
    }
}
