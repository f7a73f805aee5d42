package yolompi.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.SampleRef;
import yolompi.data.shard.ShardSet.ShardRows;

class ShuffledWindowsTest {
    /** 100 records in shards of unequal size; the last shard is small, as after packing. */
    private static final List<Integer> SHARDS = List.of(20, 22, 17, 19, 18, 4);

    private static final int SAMPLES = 100;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 50, 99, 100, 101, 5_000})
    void everySampleIsReadOncePerEpoch(int window) {
        SampleOrder order = SampleOrder.windows(SHARDS, window, 9);
        for (int epoch = 0; epoch < 30; epoch++) {
            int current = epoch;
            assertThat(epoch(order, epoch))
                    .as("epoch %d", epoch)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, SAMPLES).boxed().toList());
            assertThat(LongStream.range(0, SAMPLES)
                            .mapToObj(place -> order.at((long) current * SAMPLES + place))
                            .map(SampleRef::epoch))
                    .containsOnly(epoch);
        }
    }

    /**
     * The values come from an independent Python implementation of the specification in
     * {@link ShuffledWindows}.
     */
    @Test
    void orderIsTheRecordedOne() {
        SampleOrder order = SampleOrder.windows(List.of(5, 3, 4), 4, 42);
        assertThat(epoch(order, 0)).containsExactly(5, 7, 6, 0, 1, 2, 4, 3, 10, 9, 8, 11);
        assertThat(epoch(order, 1)).containsExactly(11, 8, 10, 9, 7, 6, 0, 5, 1, 4, 3, 2);
        assertThat(epoch(SampleOrder.windows(List.of(5, 3, 4), 4, 43), 0))
                .containsExactly(0, 1, 4, 3, 2, 8, 10, 9, 11, 5, 6, 7);
        SampleOrder large = SampleOrder.windows(Collections.nCopies(50, 2_000), 2_048, 7);
        assertThat(LongStream.range(12_345_678, 12_345_684).mapToObj(large::at).map(SampleRef::index))
                .containsExactly(16815, 16785, 16293, 19213, 19178, 16744);
    }

    @Test
    void positionsCanBeReadInAnyOrderFromAnyInstance() {
        SampleOrder straight = SampleOrder.windows(SHARDS, 16, 3);
        List<SampleRef> expected =
                LongStream.range(0, 5 * SAMPLES).mapToObj(straight::at).toList();
        List<Integer> positions =
                new ArrayList<>(IntStream.range(0, 5 * SAMPLES).boxed().toList());
        Collections.shuffle(positions, new Random(1));
        SampleOrder other = SampleOrder.windows(SHARDS, 16, 3);
        for (int position : positions) {
            assertThat(other.at(position)).isEqualTo(expected.get(position));
        }
        for (int position = 0; position < expected.size(); position += 37) {
            assertThat(SampleOrder.windows(SHARDS, 16, 3).at(position)).isEqualTo(expected.get(position));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void globalBatchIsTheSameOnAnyNumberOfRanks(int world) {
        EpochPlan plan = plan(16);
        for (long step = 0; step < 40; step++) {
            List<SampleRef> union = new ArrayList<>();
            for (int rank = 0; rank < world; rank++) {
                EpochPlan own = plan(16);
                own.microBatches(step, new RankShare(16, 0, rank, world)).forEach(union::addAll);
            }
            assertThat(union).containsExactlyInAnyOrderElementsOf(plan.globalBatch(step));
        }
    }

    @Test
    void resumedRunContinuesWithTheNextSample() {
        List<Set<SampleRef>> uninterrupted = LongStream.range(0, 40)
                .mapToObj(step -> Set.copyOf(plan(14).globalBatch(step)))
                .toList();
        List<Set<SampleRef>> resumed = new ArrayList<>();
        long step = 0;
        for (int world : new int[] {2, 4, 1, 8}) {
            EpochPlan plan = plan(14);
            for (long end = step + 10; step < end; step++) {
                resumed.add(read(plan, step, world));
            }
        }
        assertThat(resumed).isEqualTo(uninterrupted);
    }

    /** Two blocks are 2·W adjacent places in the sequence of shards. */
    @ParameterizedTest
    @CsvSource({"5, 10", "20, 40", "40, 80", "64, 10", "200, 40"})
    void windowOfPositionsReadsFewShards(int window, int shardSize) {
        SampleOrder order = SampleOrder.windows(Collections.nCopies(40, shardSize), window, 11);
        int samples = order.samples();
        int most = (2 * window - 2) / shardSize + 2;
        assertThat(most).isLessThan(40);
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> indices = epoch(order, epoch);
            for (int from = 0; from + window <= samples; from++) {
                Set<Integer> shards = new HashSet<>();
                indices.subList(from, from + window).forEach(index -> shards.add(index / shardSize));
                assertThat(shards).hasSizeLessThanOrEqualTo(most);
            }
        }
    }

    @Test
    void shardsAndRecordsAreShuffledByEpochAndSeed() {
        Set<List<Integer>> orders = new HashSet<>();
        Set<Integer> firstShards = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            SampleOrder order = SampleOrder.windows(SHARDS, 8, seed);
            for (int epoch = 0; epoch < 10; epoch++) {
                List<Integer> indices = epoch(order, epoch);
                orders.add(indices);
                firstShards.add(new ShardRows(SHARDS).of(indices.get(0)).shard());
                assertThat(IntStream.range(1, SAMPLES)
                                .filter(place -> indices.get(place) == indices.get(place - 1) + 1))
                        .as("adjacent samples that stay adjacent: nearly all without a shuffle inside windows")
                        .hasSizeLessThan(SAMPLES / 3);
            }
        }
        assertThat(orders).hasSize(100);
        assertThat(firstShards).hasSize(SHARDS.size());
    }

    @Test
    void windowBordersInsideOneShardMoveBetweenEpochs() {
        SampleOrder order = SampleOrder.windows(List.of(64), 8, 5);
        Set<Integer> neighborsOfSample20 = new HashSet<>();
        for (int epoch = 0; epoch < 50; epoch++) {
            List<Integer> indices = epoch(order, epoch);
            for (int place = 0; place < 64; place++) {
                assertThat(Math.abs(indices.get(place) - place)).isLessThan(8);
            }
            neighborsOfSample20.add(indices.get(indices.indexOf(20) + 1));
        }
        assertThat(neighborsOfSample20).anyMatch(index -> index < 16).anyMatch(index -> index > 24);
    }

    @Test
    void windowOfTheWholeSetShufflesAllSamples() {
        int[][] count = new int[8][8];
        SampleOrder order = SampleOrder.windows(List.of(3, 5), 8, 1);
        assertThat(epoch(SampleOrder.windows(List.of(3, 5), 1_000_000, 1), 4)).isEqualTo(epoch(order, 4));
        for (int epoch = 0; epoch < 8_000; epoch++) {
            List<Integer> indices = epoch(order, epoch);
            for (int place = 0; place < 8; place++) {
                count[place][indices.get(place)]++;
            }
        }
        // Binomial: mean 1000, deviation 30.
        for (int[] places : count) {
            assertThat(Arrays.stream(places))
                    .allSatisfy(times -> assertThat(times).isBetween(850, 1150));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 99, 5_000})
    void mosaicPartnersAreFromTheSameBlock(int window) {
        SampleOrder order = SampleOrder.windows(SHARDS, window, 9);
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> indices = epoch(order, epoch);
            Set<Integer> all = new HashSet<>();
            for (int index = 0; index < SAMPLES; index++) {
                SampleRef reading = new SampleRef(epoch, index);
                Set<Integer> partners = IntStream.range(0, 1_000)
                        .mapToObj(part -> SampleOrder.windows(SHARDS, window, 9).partner(reading, part / 1_000.0))
                        .collect(Collectors.toSet());
                int place = indices.indexOf(index);
                assertThat(partners)
                        .hasSizeLessThanOrEqualTo(window)
                        .contains(index)
                        .allMatch(partner -> Math.abs(indices.indexOf(partner) - place) < window);
                all.addAll(partners);
            }
            assertThat(all).hasSize(SAMPLES);
        }
        assertThat(SampleOrder.full(SAMPLES, 9).partner(new SampleRef(0, 3), 0.999))
                .isEqualTo(99);
    }

    @Test
    void descriptionStatesAllParametersOfTheOrder() {
        assertThat(Stream.of(
                        SampleOrder.full(100, 1),
                        SampleOrder.full(100, 2),
                        SampleOrder.full(99, 1),
                        SampleOrder.windows(SHARDS, 16, 1),
                        SampleOrder.windows(SHARDS, 16, 2),
                        SampleOrder.windows(SHARDS, 17, 1),
                        SampleOrder.windows(List.of(22, 20, 17, 19, 18, 4), 16, 1)))
                .extracting(SampleOrder::describe)
                .doesNotHaveDuplicates();
    }

    @Test
    void emptyWindowIsRejected() {
        assertThatThrownBy(() -> SampleOrder.windows(SHARDS, 0, 1)).hasMessageContaining("window of 0 records");
    }

    private static EpochPlan plan(int globalBatch) {
        return new EpochPlan(SampleOrder.windows(SHARDS, 16, 5), globalBatch);
    }

    private static Set<SampleRef> read(EpochPlan plan, long step, int world) {
        List<SampleRef> all = new ArrayList<>();
        for (int rank = 0; rank < world; rank++) {
            plan.microBatches(step, new RankShare(14, 3, rank, world)).forEach(all::addAll);
        }
        assertThat(all).hasSize(14);
        return Set.copyOf(all);
    }

    private static List<Integer> epoch(SampleOrder order, int epoch) {
        long start = (long) epoch * order.samples();
        return LongStream.range(start, start + order.samples())
                .mapToObj(order::at)
                .map(SampleRef::index)
                .toList();
    }
}
