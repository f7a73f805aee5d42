package yolompi.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.InputException;

class RankShareTest {
    private static final int[] WORLDS = {1, 2, 3, 4, 5, 8, 16};

    @Test
    void everyMicroBatchHasAtLeastOneAndAtMostMicroBatchImages() {
        int allowed = 0;
        for (int world : WORLDS) {
            for (int batch = world; batch <= 70; batch++) {
                for (int microBatch = 0; microBatch <= batch; microBatch++) {
                    if (microBatch == 1 && batch % world != 0) {
                        continue;
                    }
                    allowed++;
                    check(batch, microBatch, world);
                }
            }
        }
        assertThat(allowed).isGreaterThan(10_000);
    }

    private static void check(int batch, int microBatch, int world) {
        int most = microBatch == 0 ? batch : microBatch;
        int largest = 0;
        int smallest = batch;
        for (RankShare share : shares(batch, microBatch, world)) {
            assertThat(share.positions()).as(share.toString()).hasSize(share.pieces());
            int total = 0;
            for (List<Integer> piece : share.positions()) {
                assertThat(piece.size()).as(share.toString()).isBetween(1, most);
                largest = Math.max(largest, piece.size());
                smallest = Math.min(smallest, piece.size());
                total += piece.size();
            }
            assertThat(total).as(share.toString()).isBetween(batch / world, (batch + world - 1) / world);
        }
        assertThat(new RankShare(batch, microBatch, 0, world).largest()).isEqualTo(largest);
        assertThat(new RankShare(batch, microBatch, 0, world).smallest()).isEqualTo(smallest);
    }

    @Test
    void piecesCoverTheBatchWithoutGaps() {
        for (int world : WORLDS) {
            for (int batch : new int[] {16, 17, 31, 64}) {
                for (int microBatch : new int[] {0, 2, 3, 8}) {
                    List<Integer> read = new ArrayList<>();
                    for (List<Integer> piece : pieces(batch, microBatch, world)) {
                        read.addAll(piece.stream().sorted().toList());
                    }
                    assertThat(read).isEqualTo(IntStream.range(0, batch).boxed().toList());
                }
            }
        }
    }

    @Test
    void sameNumberOfPiecesGivesTheSamePiecesForAnyWorldSize() {
        Map<Integer, List<List<Integer>>> byCount = new HashMap<>();
        int met = 0;
        for (int world : WORLDS) {
            for (int microBatch = 2; microBatch <= 61; microBatch++) {
                List<List<Integer>> pieces = pieces(61, microBatch, world);
                List<List<Integer>> known = byCount.computeIfAbsent(pieces.size(), count -> pieces);
                assertThat(sets(pieces)).isEqualTo(sets(known));
                met++;
            }
        }
        assertThat(met).isGreaterThan(10 * byCount.size());
    }

    @Test
    void imagesAreAssignedRoundRobin() {
        assertThat(new RankShare(10, 0, 2, 4).positions()).containsExactly(List.of(2, 6));
        assertThat(new RankShare(20, 4, 1, 2).positions())
                .containsExactly(List.of(1, 3, 5), List.of(7, 9, 11), List.of(13, 15, 17, 19));
    }

    @ParameterizedTest
    @CsvSource({"10, 4, 12", "9, 2, 10", "5, 3, 6"})
    void microBatchOfOneNeedsABatchDivisibleByTheRanks(int batch, int world, int next) {
        assertThatThrownBy(() -> new RankShare(batch, 1, 0, world))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train.micro_batch = 1 splits train.batch = " + batch)
                .hasMessageContaining("at least 2")
                .hasMessageEndingWith("a multiple of %d such as %d", world, next);
        assertThat(new RankShare(next, 1, 0, world).largest()).isEqualTo(1);
        assertThat(new RankShare(batch, 2, 0, world).largest()).isLessThanOrEqualTo(2);
    }

    @Test
    void moreRanksThanImagesAndInvalidRanksAreRejected() {
        assertThatThrownBy(() -> new RankShare(3, 0, 0, 4))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train.batch = 3", "4 ranks");
        assertThatThrownBy(() -> new RankShare(8, 0, 2, 2)).hasMessageContaining("rank 2 of 2");
        assertThatThrownBy(() -> new RankShare(8, 0, -1, 2)).hasMessageContaining("rank -1 of 2");
    }

    private static List<RankShare> shares(int batch, int microBatch, int world) {
        return IntStream.range(0, world)
                .mapToObj(rank -> new RankShare(batch, microBatch, rank, world))
                .toList();
    }

    private static List<Set<Integer>> sets(List<List<Integer>> pieces) {
        return pieces.stream().map(Set::copyOf).toList();
    }

    /** The positions that all ranks together process in each piece, rank by rank. */
    private static List<List<Integer>> pieces(int batch, int microBatch, int world) {
        List<List<Integer>> pieces = new ArrayList<>();
        for (RankShare share : shares(batch, microBatch, world)) {
            for (int piece = 0; piece < share.pieces(); piece++) {
                if (share.rank() == 0) {
                    pieces.add(new ArrayList<>());
                }
                pieces.get(piece).addAll(share.positions().get(piece));
            }
        }
        return pieces;
    }
}
