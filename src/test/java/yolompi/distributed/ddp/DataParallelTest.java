package yolompi.distributed.ddp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
class DataParallelTest {
    private final List<DataParallel.Replica> replicas =
            List.of(replica(1, 10), replica(2, 20), replica(3, 30)); // weight, running statistic

    private static DataParallel.Replica replica(float weight, float statistic) {
        Tensor parameter = Tensors.ofFloats(new float[] {weight}, 1);
        parameter.set_requires_grad(true);
        parameter.mutable_grad().put(Tensors.ofFloats(new float[] {weight}, 1));
        return new DataParallel.Replica(
                List.of(parameter),
                List.of(Tensors.ofFloats(new float[] {statistic}, 1)),
                List.of(Tensors.ofFloats(new float[] {100 * weight}, 1)));
    }

    @Test
    void replicateCopiesAllTensorsOfTheFirstReplica() {
        try (DataParallel parallel = new DataParallel(replicas)) {
            parallel.replicate();
        }
        for (DataParallel.Replica replica : replicas) {
            assertThat(Tensors.toFloats(replica.parameters().get(0))).containsExactly(1);
            assertThat(Tensors.toFloats(replica.statistics().get(0))).containsExactly(10);
            assertThat(Tensors.toFloats(replica.others().get(0))).containsExactly(100);
        }
    }

    @Test
    void reduceSumsGradientsAndAveragesStatistics() {
        try (DataParallel parallel = new DataParallel(replicas)) {
            parallel.reduce(2);
        }
        assertThat(Tensors.toFloats(replicas.get(0).parameters().get(0).grad())).containsExactly(1 + 2);
        assertThat(Tensors.toFloats(replicas.get(0).statistics().get(0))).containsExactly((10 + 20) / 2f);
        assertThat(Tensors.toFloats(replicas.get(0).others().get(0))).containsExactly(100);
    }

    @Test
    void piecesAreDistributedRoundRobinAndResultsKeepTheirOrder() {
        try (DataParallel parallel = new DataParallel(replicas)) {
            List<String> results = parallel.scatter(5, (replica, piece) -> replica + ":" + piece);

            assertThat(results).containsExactly("0:0", "1:1", "2:2", "0:3", "1:4");
        }
    }

    @Test
    void replicasRunConcurrently() {
        CyclicBarrier together = new CyclicBarrier(3);
        try (DataParallel parallel = new DataParallel(replicas)) {
            List<Integer> results = parallel.scatter(3, (replica, piece) -> {
                try {
                    together.await(5, TimeUnit.MINUTES); // only ends a hang, if one waited for another
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return piece;
            });
            assertThat(results).isEqualTo(IntStream.range(0, 3).boxed().toList());
        }
    }

    @Test
    void failureOfOneReplicaFailsTheStep() {
        try (DataParallel parallel = new DataParallel(replicas)) {
            assertThatThrownBy(() -> parallel.scatter(3, (replica, piece) -> {
                        if (replica == 1) {
                            throw new IllegalStateException("device 1 is out of memory");
                        }
                        return piece;
                    }))
                    .hasMessage("device 1 is out of memory");
        }
    }
}
