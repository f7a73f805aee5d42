package yolompi.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.SampleRef;

final class EvalPlanTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void everyImageIsReadOnceOnAnyNumberOfRanks(int world) {
        for (int samples : new int[] {0, 1, 5, 64, 87}) {
            List<Integer> seen = IntStream.range(0, world)
                    .boxed()
                    .flatMap(rank -> indices(new EvalPlan(samples, 6, rank, world)))
                    .toList();
            assertThat(seen).isEqualTo(IntStream.range(0, samples).boxed().toList());
        }
    }

    @Test
    void lastStepHoldsTheRemainder() {
        EvalPlan plan = new EvalPlan(20, 4, 1, 2);
        assertThat(plan.steps()).isEqualTo(3);
        assertThat(plan.step(2)).extracting(SampleRef::index).containsExactly(18, 19);
        assertThatThrownBy(() -> plan.step(3)).hasMessageContaining("expected 0 to 2");
    }

    @Test
    void rankWithoutImagesHasNoSteps() {
        assertThat(new EvalPlan(1, 4, 0, 2).steps()).isZero();
        assertThat(new EvalPlan(1, 4, 1, 2).steps()).isEqualTo(1);
    }

    private static Stream<Integer> indices(EvalPlan plan) {
        return LongStream.range(0, plan.steps())
                .boxed()
                .flatMap(step -> plan.step(step).stream())
                .map(SampleRef::index);
    }
}
