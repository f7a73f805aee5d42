package yolompi.distributed.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.ranks.RankTest;
import yolompi.ranks.RankTestCase;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/**
 * Tests that every {@link ProcessGroup} must pass. Each rank can compute the values of the others.
 */
@ExtendWith(LoadLibTorch.class)
abstract class ProcessGroupContract implements RankTestCase<ProcessGroup> {
    /** No tested number of ranks divides all lengths. */
    private static final int[] LENGTHS = {1, 5, 1001, 300_001};

    @RankTest
    void sumOfFloat32IsExact(ProcessGroup group) {
        assertSumsOfIntegers(group, ScalarType.Float);
    }

    @RankTest
    void sumOfFloat16IsExactForSmallIntegers(ProcessGroup group) {
        assertSumsOfIntegers(group, ScalarType.Half);
    }

    @RankTest
    void sumOfBfloat16IsExactForSmallIntegers(ProcessGroup group) {
        assertSumsOfIntegers(group, ScalarType.BFloat16);
    }

    /** All sums run at the same time. */
    private static void assertSumsOfIntegers(ProcessGroup group, ScalarType type) {
        List<Tensor> tensors = new ArrayList<>();
        List<ProcessGroup.Pending> pending = new ArrayList<>();
        for (int length : LENGTHS) {
            Tensor values = torch.arange(new Scalar(length)).remainder(new Scalar(7));
            Tensor tensor = values.mul(new Scalar(rank(group) + 1)).to(type);
            tensors.add(tensor);
            pending.add(group.allReduceSum(tensor));
        }
        pending.forEach(ProcessGroup.Pending::await);
        for (Tensor tensor : tensors) {
            float[] sums = Tensors.toFloats(tensor);
            float[] expected = new float[sums.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = (i % 7) * sumOfRankNumbers(group);
            }
            assertThat(sums).as("%s, length %d", type, sums.length).isEqualTo(expected);
        }
    }

    @RankTest
    void sumsMayBeAwaitedInAnyOrder(ProcessGroup group) {
        Tensor first = filled(3, rank(group));
        Tensor second = filled(2, 1);
        ProcessGroup.Pending firstSum = group.allReduceSum(first);
        ProcessGroup.Pending secondSum = group.allReduceSum(second);
        secondSum.await();
        firstSum.await();

        float ranks = sumOfRankNumbers(group) - size(group);
        assertThat(Tensors.toFloats(first)).containsExactly(ranks, ranks, ranks);
        assertThat(Tensors.toFloats(second)).containsExactly(size(group), size(group));
    }

    /** Kernels may have the channels-last layout, which a sum must keep. */
    @RankTest
    void sumKeepsTheMemoryLayout(ProcessGroup group) {
        Tensor values = torch.arange(new Scalar(24)).to(ScalarType.Float).view(1, 2, 3, 4);
        Tensor channelsLast = values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        group.allReduceSum(channelsLast).await();

        assertThat(channelsLast.equal(values.mul(new Scalar(size(group))))).isTrue();
    }

    @RankTest
    void nanOfOneRankReachesAllRanks(ProcessGroup group) {
        boolean last = rank(group) == size(group) - 1;
        Tensor values = Tensors.ofFloats(new float[] {last ? Float.NaN : 1, 1}, 2);
        group.allReduceSum(values).await();

        assertThat(Tensors.toFloats(values)).containsExactly(Float.NaN, size(group));
    }

    @RankTest
    void averageIsTheSumDividedByTheNumberOfRanks(ProcessGroup group) {
        Tensor values = Tensors.ofFloats(new float[] {rank(group), 10}, 2);
        group.allReduceMean(values);

        assertThat(Tensors.toFloats(values)).containsExactly((size(group) - 1) / 2f, 10);
    }

    @RankTest
    void broadcastGivesAllTheValuesOfRankZero(ProcessGroup group) {
        for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Half, ScalarType.BFloat16}) {
            Tensor values = filled(3, rank(group) + 5).to(type);
            group.broadcast(values);

            assertThat(Tensors.toFloats(values)).as("%s", type).containsExactly(5, 5, 5);
        }
    }

    @RankTest
    void gatheredRowsAreInTheOrderOfTheRanks(ProcessGroup group) {
        Tensor row = Tensors.ofFloats(new float[] {rank(group), 2 * rank(group)}, 2);
        float[] rows = Tensors.toFloats(new DifferentiableAllGather(group).gather(row));

        assertThat(rows).hasSize(2 * size(group));
        for (int rank = 0; rank < size(group); rank++) {
            assertThat(rows[2 * rank]).isEqualTo(rank);
            assertThat(rows[2 * rank + 1]).isEqualTo(2 * rank);
        }
    }

    /**
     * Rank r multiplies row q by (r + 1)(q + 1). So the gradient of row q is (q + 1) times the sum
     * of all (r + 1).
     */
    @RankTest
    void gradientOfAGatheredRowIsTheSumOverAllRanks(ProcessGroup group) {
        Tensor row = filled(2, rank(group)).set_requires_grad(true);
        Tensor weights = torch.arange(new Scalar(1), new Scalar(size(group) + 1))
                .unsqueeze(1)
                .mul(new Scalar(rank(group) + 1));
        DifferentiableAllGather gathered = new DifferentiableAllGather(group);
        gathered.gather(row).mul(weights).sum().backward();

        float expected = (rank(group) + 1) * sumOfRankNumbers(group);
        assertThat(Tensors.toFloats(row.grad())).containsExactly(expected, expected);
    }

    @RankTest
    void describesItself(ProcessGroup group) {
        assertThat(group.describe()).isNotBlank();
    }

    private static Tensor filled(int length, float value) {
        return torch.zeros(length).fill_(new Scalar(value));
    }

    private static int rank(ProcessGroup group) {
        return group.world().rank();
    }

    private static int size(ProcessGroup group) {
        return group.world().size();
    }

    /** 1 + 2 + … + the number of ranks. */
    private static int sumOfRankNumbers(ProcessGroup group) {
        return size(group) * (size(group) + 1) / 2;
    }
}
