package yolompi.distributed.ddp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.ranks.RankTest;
import yolompi.ranks.RankTestCase;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.DistRecipe.Backend;
import yolompi.recipe.DistRecipe.Compression;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/**
 * Tests that every {@link GradientReducer} must pass: after a step all ranks hold the gradients
 * that one rank computes from all rows.
 *
 * <p>The network has two layers and an unused parameter.
 */
@ExtendWith(LoadLibTorch.class)
abstract class GradientReducerContract implements RankTestCase<ProcessGroup> {
    private static final int INPUTS = 8;
    private static final int HIDDEN = 40;
    /** Less than the size of all parameters, so there are several buckets. */
    private static final double BUCKET_MIB = 0.0005;

    private final Class<? extends GradientReducer> kind;
    private final Compression compression;
    private final double tolerance;

    /**
     * The contract for one kind of reducer.
     *
     * @param kind that {@link GradientReducer#of} must choose for the group and the compression
     * @param tolerance relative to the largest value of each parameter's gradient
     */
    GradientReducerContract(Class<? extends GradientReducer> kind, Compression compression, double tolerance) {
        this.kind = kind;
        this.compression = compression;
        this.tolerance = tolerance;
    }

    @RankTest
    void gradientsOfEvenSharesEqualThoseOfOneRank(ProcessGroup group) {
        assertGradientsOfOneRank(group, 8, 1);
    }

    @RankTest
    void gradientsOfUnevenSharesEqualThoseOfOneRank(ProcessGroup group) {
        assertGradientsOfOneRank(group, 7, 1);
        assertGradientsOfOneRank(group, 5, 1);
    }

    @RankTest
    void gradientsOfMicroBatchesAddUp(ProcessGroup group) {
        assertGradientsOfOneRank(group, 8, 2);
        assertGradientsOfOneRank(group, 21, 3);
    }

    private void assertGradientsOfOneRank(ProcessGroup group, int rows, int microBatches) {
        List<Tensor> parameters = usedParameters(1);
        try (GradientReducer reducer = reducer(group, parameters, false)) {
            for (int step = 0; step < 3; step++) { // LibTorch's reducer forms new buckets after the first
                step(group, reducer, parameters, step, rows, microBatches);
                assertClose(parameters, gradientsOfOneRank(parameters, step, rows));
                assertSameBitsOnAllRanks(group, gradients(parameters));
            }
        }
    }

    @RankTest
    void gradientOfAnUnusedParameterIsZero(ProcessGroup group) {
        List<Tensor> parameters = new ArrayList<>(usedParameters(1));
        Tensor unused = parameter(5, 3);
        parameters.add(1, unused);
        try (GradientReducer reducer = reducer(group, parameters, true)) {
            List<Tensor> used = List.of(parameters.get(0), parameters.get(2), parameters.get(3));
            for (int step = 0; step < 2; step++) {
                parameters.forEach(parameter -> parameter.grad().zero_());
                step(group, reducer, used, step, 8, 1);
                assertThat(Tensors.toFloats(unused.grad())).containsOnly(0);
                assertClose(used, gradientsOfOneRank(used, step, 8));
            }
        }
    }

    @RankTest
    void weightsStayBitEqualOverSeveralSteps(ProcessGroup group) {
        List<Tensor> parameters = usedParameters(1);
        float[] before = Tensors.toFloats(parameters.get(0));
        try (GradientReducer reducer = reducer(group, parameters, false)) {
            for (int step = 0; step < 4; step++) {
                step(group, reducer, parameters, step, 7, 1);
                try (NoGradGuard constant = new NoGradGuard()) {
                    parameters.forEach(
                            parameter -> parameter.sub_(parameter.grad().mul(new Scalar(0.1))));
                }
            }
        }
        assertSameBitsOnAllRanks(group, parameters);
        assertThat(Tensors.toFloats(parameters.get(0))).isNotEqualTo(before);
    }

    /** This happens when frozen layers are unfrozen. */
    @RankTest
    void closedReducerReleasesItsParameters(ProcessGroup group) {
        List<Tensor> parameters = usedParameters(1);
        try (GradientReducer first = reducer(group, parameters, false)) {
            step(group, first, parameters, 0, 8, 1);
        }
        try (GradientReducer second = reducer(group, parameters, false)) {
            step(group, second, parameters, 1, 8, 1);
            assertClose(parameters, gradientsOfOneRank(parameters, 1, 8));
            assertSameBitsOnAllRanks(group, gradients(parameters));
        }
    }

    private GradientReducer reducer(ProcessGroup group, List<Tensor> parameters, boolean findUnused) {
        parameters.forEach(parameter -> parameter.mutable_grad().put(torch.zeros_like(parameter)));
        DistRecipe recipe = new DistRecipe(Backend.AUTO, compression, BUCKET_MIB, findUnused, 300, 20, 1, false);
        GradientReducer reducer = GradientReducer.of(group, parameters, recipe);
        assertThat(reducer).isInstanceOf(kind);
        return reducer;
    }

    /** Runs the forward and backward pass of this rank's part of each micro-batch. */
    private static void step(
            ProcessGroup group,
            GradientReducer reducer,
            List<Tensor> parameters,
            int step,
            int rows,
            int microBatches) {
        int rank = group.world().rank();
        int size = group.world().size();
        parameters.forEach(parameter -> parameter.grad().zero_());
        for (int i = 0; i < microBatches; i++) {
            int from = i * rows / microBatches;
            int count = (i + 1) * rows / microBatches - from;
            GradientReducer its = i == microBatches - 1 ? reducer : GradientReducer.NONE;
            its.beforeForward();
            Tensor output = forward(parameters, step, from + rank * count / size, from + (rank + 1) * count / size);
            its.beforeBackward(List.of(output));
            // The reducer takes the mean over ranks, the loss is a mean over rows.
            loss(output, rows).mul(new Scalar(size)).backward();
            its.afterBackward();
        }
    }

    private static Tensor forward(List<Tensor> parameters, int step, int from, int to) {
        Tensor rows = torch.arange(new Scalar(from * INPUTS), new Scalar(to * INPUTS))
                .add(new Scalar(1000 * step))
                .to(ScalarType.Float)
                .sin()
                .view(to - from, INPUTS);
        Tensor hidden = rows.matmul(parameters.get(0)).add(parameters.get(1)).tanh();
        return hidden.matmul(parameters.get(2));
    }

    private static Tensor loss(Tensor output, int rows) {
        return output.mul(output).sum().div(new Scalar(rows));
    }

    /** The oracle: copies of the parameters, all rows, no reducer. */
    private static List<Tensor> gradientsOfOneRank(List<Tensor> parameters, int step, int rows) {
        List<Tensor> copies = parameters.stream()
                .map(parameter -> parameter.detach().clone().set_requires_grad(true))
                .toList();
        loss(forward(copies, step, 0, rows), rows).backward();
        return gradients(copies);
    }

    private static List<Tensor> gradients(List<Tensor> parameters) {
        return parameters.stream().map(Tensor::grad).toList();
    }

    private static List<Tensor> usedParameters(int seed) {
        return List.of(parameter(INPUTS, HIDDEN, seed), parameter(1, HIDDEN, seed + 1), parameter(HIDDEN, 3, seed + 2));
    }

    private static Tensor parameter(int rows, int columns) {
        return parameter(rows, columns, 0);
    }

    private static Tensor parameter(int rows, int columns, int seed) {
        Tensor values = torch.arange(new Scalar(rows * columns)).add(new Scalar(100 * seed));
        return values.to(ScalarType.Float).cos().view(rows, columns).set_requires_grad(true);
    }

    private void assertClose(List<Tensor> parameters, List<Tensor> expected) {
        for (int i = 0; i < expected.size(); i++) {
            Tensor target = expected.get(i);
            double largest = target.abs().max().item_double();
            double difference = parameters.get(i).grad().sub(target).abs().max().item_double();
            assertThat(largest).as("parameter %d has a gradient", i).isPositive();
            assertThat(difference / largest).as("parameter %d", i).isCloseTo(0, within(tolerance));
        }
    }

    /** Each rank subtracts rank 0's values from its own. */
    private static void assertSameBitsOnAllRanks(ProcessGroup group, List<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            Tensor first = tensor.detach().clone();
            group.broadcast(first);
            assertThat(bits(tensor)).isEqualTo(bits(first));
        }
    }

    private static ByteBuffer bits(Tensor tensor) {
        float[] values = Tensors.toFloats(tensor.detach());
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }
}
