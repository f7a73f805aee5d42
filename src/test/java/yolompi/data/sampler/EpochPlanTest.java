package yolompi.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.data.SampleRef;

final class EpochPlanTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void allRanksTogetherReadTheGlobalBatch(int world) {
        for (int globalBatch : new int[] {8, 9, 15, 16}) {
            EpochPlan plan = plan(37, globalBatch, 5);
            for (long step = 0; step < 20; step++) {
                assertThat(unionOfShares(plan, step, globalBatch, world))
                        .containsExactlyInAnyOrderElementsOf(plan.globalBatch(step));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"37, 8", "64, 16", "5, 16", "1, 4", "100, 1"})
    void everySampleIsReadOncePerEpoch(int samples, int globalBatch) {
        EpochPlan plan = plan(samples, globalBatch, 9);
        List<SampleRef> stream = LongStream.range(0, plan.totalSteps(6))
                .boxed()
                .flatMap(step -> plan.globalBatch(step).stream())
                .toList();
        for (int epoch = 0; epoch < 6; epoch++) {
            List<SampleRef> ofEpoch = stream.subList(epoch * samples, (epoch + 1) * samples);
            assertThat(ofEpoch).extracting(SampleRef::epoch).containsOnly(epoch);
            assertThat(ofEpoch)
                    .extracting(SampleRef::index)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, samples).boxed().toList());
        }
    }

    @Test
    void orderIsTheRecordedOne() {
        assertThat(indices(plan(10, 10, 42), 0)).containsExactly(8, 2, 5, 4, 7, 1, 0, 9, 3, 6);
        assertThat(indices(plan(10, 10, 42), 1)).containsExactly(1, 5, 7, 6, 9, 0, 2, 4, 3, 8);
        assertThat(indices(plan(10, 10, 43), 0)).containsExactly(6, 1, 3, 7, 0, 9, 8, 2, 5, 4);
        assertThat(indices(plan(100_000, 6, 7), 123_456)).containsExactly(11355, 68585, 75385, 51563, 56895, 26685);
    }

    @Test
    void stepsCanBeReadInAnyOrder() {
        EpochPlan forwards = plan(11, 4, 3);
        EpochPlan backwards = plan(11, 4, 3);
        List<List<SampleRef>> expected =
                LongStream.range(0, 30).mapToObj(forwards::globalBatch).toList();
        for (int step = 29; step >= 0; step--) {
            assertThat(backwards.globalBatch(step)).isEqualTo(expected.get(step));
        }
    }

    @Test
    void epochsAndSeedsAreShuffledDifferently() {
        HashSet<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            for (int epoch = 0; epoch < 20; epoch++) {
                orders.add(indices(plan(50, 50, seed), epoch));
            }
        }
        assertThat(orders).hasSize(400);
    }

    @Test
    void samplesAreUniformlyDistributedOverPositions() {
        int[][] count = new int[8][8];
        EpochPlan plan = plan(8, 8, 1);
        for (int epoch = 0; epoch < 8_000; epoch++) {
            List<Integer> order = indices(plan, epoch);
            for (int place = 0; place < 8; place++) {
                count[place][order.get(place)]++;
            }
        }
        // Binomial: mean 1000, deviation 30.
        for (int[] places : count) {
            assertThat(Arrays.stream(places))
                    .allSatisfy(times -> assertThat(times).isBetween(850, 1150));
        }
    }

    @Test
    void epochEndsInTheStepThatReadsItsLastSample() {
        EpochPlan plan = plan(10, 4, 1);
        assertThat(plan.totalSteps(1)).isEqualTo(3);
        assertThat(plan.totalSteps(2)).isEqualTo(5);
        assertThat(LongStream.rangeClosed(0, 5).mapToInt(plan::epochsCompleted)).containsExactly(0, 0, 0, 1, 1, 2);
        assertThat(LongStream.range(0, 6).mapToInt(plan::epochOf)).containsExactly(0, 0, 0, 1, 1, 2);
    }

    @Test
    void stepMaySpanSeveralEpochsOfASmallSet() {
        EpochPlan plan = plan(3, 8, 1);
        assertThat(plan.totalSteps(8)).isEqualTo(3);
        assertThat(plan.epochsCompleted(1)).isEqualTo(2);
        assertThat(plan.globalBatch(0)).extracting(SampleRef::epoch).containsExactly(0, 0, 0, 1, 1, 1, 2, 2);
    }

    @Test
    void emptySetOrBatchIsRejected() {
        assertThatThrownBy(() -> plan(0, 4, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("0 samples");
        assertThatThrownBy(() -> plan(4, 0, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train.batch = 0");
    }

    @Test
    void negativeStepAndMismatchedShareAreRejected() {
        EpochPlan plan = plan(4, 4, 1);
        assertThatThrownBy(() -> plan.globalBatch(-1)).hasMessageContaining("step -1");
        assertThatThrownBy(() -> plan.microBatches(0, new RankShare(8, 0, 0, 1)))
                .hasMessage("the share belongs to a global batch of 8 images, but this plan has 4");
    }

    private static EpochPlan plan(int samples, int globalBatch, long seed) {
        return new EpochPlan(SampleOrder.full(samples, seed), globalBatch);
    }

    private static List<SampleRef> unionOfShares(EpochPlan plan, long step, int globalBatch, int world) {
        return IntStream.range(0, world)
                .boxed()
                .flatMap(rank -> plan.microBatches(step, new RankShare(globalBatch, 0, rank, world)).get(0).stream())
                .toList();
    }

    private static List<Integer> indices(EpochPlan plan, long step) {
        return plan.globalBatch(step).stream().map(SampleRef::index).toList();
    }
}
