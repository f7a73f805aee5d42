package yolompi.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.Batch;
import yolompi.data.MemorySamples;
import yolompi.data.SampleRef;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.recipe.Recipes;

final class ClassBalancedSamplerTest {
    private static final int SAMPLES = 40;

    /** Class 0 in 30 images, class 1 in 8, class 2 in 2. */
    private static final int[] CLASSES = IntStream.range(0, SAMPLES)
            .map(i -> i % 20 == 7 ? 2 : i % 5 == 3 ? 1 : 0)
            .toArray();

    @Test
    void epochReadsEachSampleByItsRoundedWeight() {
        for (double strength : new double[] {0.3, 0.5, 1}) {
            RepeatFactors balance = balance(strength);
            double total =
                    IntStream.range(0, SAMPLES).mapToDouble(balance::weight).sum();
            SampleOrder order = SampleOrder.balanced(balance, 3);
            assertThat(order.samples()).isEqualTo(SAMPLES);
            for (int epoch = 0; epoch < 50; epoch++) {
                int[] times = times(epoch(order, epoch));
                for (int sample = 0; sample < SAMPLES; sample++) {
                    double expected = SAMPLES * balance.weight(sample) / total;
                    assertThat((double) times[sample]).isBetween(Math.floor(expected), Math.ceil(expected));
                }
            }
        }
    }

    @Test
    void readsOverManyEpochsAreProportionalToTheWeights() {
        RepeatFactors balance = balance(0.5);
        double total = IntStream.range(0, SAMPLES).mapToDouble(balance::weight).sum();
        SampleOrder order = SampleOrder.balanced(balance, 3);
        int epochs = 4_000;
        int[] times = new int[SAMPLES];
        for (int epoch = 0; epoch < epochs; epoch++) {
            epoch(order, epoch).forEach(reading -> times[reading.index()]++);
        }
        // The count of a sample in one epoch has a standard deviation of at most 1/2; five standard
        // errors are 0.04.
        for (int sample = 0; sample < SAMPLES; sample++) {
            assertThat((double) times[sample] / epochs)
                    .isCloseTo(SAMPLES * balance.weight(sample) / total, within(0.04));
        }
    }

    @Test
    void repeatedReadsOfASampleHaveDifferentNumbers() {
        SampleOrder order = SampleOrder.balanced(balance(1), 9);
        int repeated = 0;
        for (int epoch = 0; epoch < 20; epoch++) {
            List<SampleRef> readings = epoch(order, epoch);
            assertThat(readings)
                    .doesNotHaveDuplicates()
                    .extracting(SampleRef::epoch)
                    .containsOnly(epoch);
            int[] times = times(readings);
            for (SampleRef reading : readings) {
                assertThat(reading.repeat()).isBetween(0, times[reading.index()] - 1);
                repeated += reading.repeat() > 0 ? 1 : 0;
            }
        }
        assertThat(repeated).isGreaterThan(100);
    }

    @Test
    void equalWeightsGiveTheFullOrder() {
        SampleOrder full = SampleOrder.full(SAMPLES, 17);
        SampleOrder equal = SampleOrder.balanced(balance(0), 17);
        for (long position = 0; position < 5 * SAMPLES; position++) {
            assertThat(equal.at(position)).isEqualTo(full.at(position));
        }
    }

    @Test
    void orderIsTheRecordedOne() {
        RepeatFactors small = RepeatFactors.of(image -> boxes(image == 4 ? 1 : 0), 10, 2, 0.5);
        assertThat(epoch(SampleOrder.balanced(small, 42), 0).stream().map(ClassBalancedSamplerTest::text))
                .containsExactly("8", "3", "5", "4:1", "7", "2", "1", "9", "4", "6");
    }

    @Test
    void epochsAndSeedsDifferInOrderAndRounding() {
        Set<List<SampleRef>> orders = new HashSet<>();
        Set<List<Integer>> counts = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            SampleOrder order = SampleOrder.balanced(balance(0.5), seed);
            for (int epoch = 0; epoch < 10; epoch++) {
                List<SampleRef> readings = epoch(order, epoch);
                orders.add(readings.stream()
                        .map(reading -> new SampleRef(0, reading.index(), reading.repeat()))
                        .toList());
                counts.add(IntStream.of(times(readings)).boxed().toList());
            }
        }
        assertThat(orders).hasSize(100);
        assertThat(counts).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void allRanksTogetherReadTheGlobalBatch(int world) {
        for (int globalBatch : new int[] {8, 9, 16}) {
            for (long step = 0; step < 20; step++) {
                List<SampleRef> union = new ArrayList<>();
                for (int rank = 0; rank < world; rank++) {
                    RankShare share = new RankShare(globalBatch, 0, rank, world);
                    new EpochPlan(SampleOrder.balanced(balance(0.7), 5), globalBatch)
                            .microBatches(step, share)
                            .forEach(union::addAll);
                }
                EpochPlan alone = new EpochPlan(SampleOrder.balanced(balance(0.7), 5), globalBatch);
                assertThat(union).containsExactlyInAnyOrderElementsOf(alone.globalBatch(step));
            }
        }
    }

    @Test
    void positionsCanBeReadInAnyOrder() {
        SampleOrder forwards = SampleOrder.balanced(balance(0.7), 5);
        List<SampleRef> expected =
                LongStream.range(0, 6 * SAMPLES).mapToObj(forwards::at).toList();
        SampleOrder backwards = SampleOrder.balanced(balance(0.7), 5);
        for (int position = expected.size() - 1; position >= 0; position--) {
            assertThat(backwards.at(position)).isEqualTo(expected.get(position));
        }
    }

    @Test
    void differentOrdersHaveDifferentDescriptions() {
        RepeatFactors otherClasses = RepeatFactors.of(image -> boxes(image % 20 == 7 ? 1 : 0), SAMPLES, 3, 0.5);
        assertThat(List.of(
                        SampleOrder.full(SAMPLES, 1),
                        SampleOrder.balanced(balance(0.5), 1),
                        SampleOrder.balanced(balance(0.5), 2),
                        SampleOrder.balanced(balance(0.6), 1),
                        SampleOrder.balanced(otherClasses, 1)))
                .extracting(SampleOrder::describe)
                .doesNotHaveDuplicates();
        assertThat(SampleOrder.balanced(balance(0.5), 1).describe())
                .isEqualTo(SampleOrder.balanced(balance(0.5), 1).describe())
                .startsWith("full, 40 samples, seed 1, classes balanced by 0.5");
    }

    @Test
    void loaderAugmentsEachReadOfASampleDifferently() {
        MemorySamples pictures = MemorySamples.drawn(SAMPLES);
        EpochPlan plan = new EpochPlan(SampleOrder.balanced(balance(1), 5), SAMPLES);
        Augmenter augmenter = Augmenter.training(Recipes.augmentOnly("scale=0.5", "translate=0.2"), 5, 1);
        StepRange epoch = StepRange.of(plan, 0, 1, new RankShare(SAMPLES, 0, 0, 1), MultiScale.always(32));
        try (BatchLoader loader = BatchLoader.start(pictures, augmenter, epoch, new BatchLoader.Settings(2, 1))) {
            Batch batch = loader.next().batches().get(0);
            Map<Integer, Set<String>> pixels = new HashMap<>();
            for (int i = 0; i < SAMPLES; i++) {
                byte[] image = Arrays.copyOfRange(batch.images(), i * 32 * 32 * 3, (i + 1) * 32 * 32 * 3);
                pixels.computeIfAbsent(batch.samples().get(i).index(), index -> new HashSet<>())
                        .add(HexFormat.of().formatHex(image));
            }
            int[] times = times(batch.samples());
            assertThat(times[7]).isGreaterThan(5);
            assertThat(pixels).allSatisfy((index, seen) -> assertThat(seen).hasSize(times[index]));
        }
    }

    private static RepeatFactors balance(double strength) {
        return RepeatFactors.of(image -> boxes(CLASSES[image]), SAMPLES, 3, strength);
    }

    private static List<LabeledBox> boxes(int classId) {
        return List.of(new LabeledBox(new Box(0, 0, 9, 9), classId, false));
    }

    private static List<SampleRef> epoch(SampleOrder order, int epoch) {
        long first = (long) epoch * order.samples();
        return LongStream.range(first, first + order.samples())
                .mapToObj(order::at)
                .toList();
    }

    private static int[] times(List<SampleRef> readings) {
        int[] times = new int[SAMPLES];
        readings.forEach(reading -> times[reading.index()]++);
        return times;
    }

    private static String text(SampleRef reading) {
        return reading.repeat() == 0 ? "" + reading.index() : reading.index() + ":" + reading.repeat();
    }
}
