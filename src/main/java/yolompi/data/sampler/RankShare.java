package yolompi.data.sampler;

import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;

/**
 * The images of each global batch that one rank processes. The global batch has G images; image i
 * goes to rank i mod world (round robin). The batch is also split into k even pieces, with the same
 * k on all ranks. A rank's images in piece p are its p-th micro-batch. It follows:
 *
 * <ul>
 *   <li>All ranks have the same number of micro-batches.
 *   <li>The image counts of two ranks differ by at most one, in each micro-batch and in total.
 *   <li>In micro-batch p, all ranks together process piece p, which depends only on G and k. So
 *       synchronized batch norm sees the same images on any number of ranks with the same k.
 * </ul>
 *
 * <p>k = ceil(ceil(G/world) / microBatch), so a micro-batch has at most {@code microBatch} images.
 * Without micro-batches k = 1.
 *
 * @param globalBatch G, images per step on all ranks together
 * @param microBatch maximum number of images in a micro-batch; 0: no limit
 */
public record RankShare(int globalBatch, int microBatch, int rank, int world) {
    /**
     * A range of positions.
     *
     * @param from first position
     * @param end one past the last position
     */
    record Span(int from, int end) {
        /**
         * The part of {@code total} positions that belongs to a rank; parts are even, see
         * {@link #split}.
         */
        static Span ofRank(int total, int rank, int world) {
            requireRank(rank, world);
            return new Span(0, total).split(rank, world);
        }

        /**
         * One of several parts of this range. Relative to its start, the part extends from
         * {@code floor(part · L / parts)}, inclusive, to {@code floor((part + 1) · L / parts)},
         * exclusive, where L is the length of the range. Parts are contiguous and disjoint, cover
         * the range, and differ by at most one in length.
         */
        Span split(int part, int parts) {
            return new Span(
                    from + (int) ((long) part * length() / parts), from + (int) ((part + 1L) * length() / parts));
        }

        int length() {
            return end - from;
        }
    }

    /**
     * Checks the share.
     *
     * @throws InputException if a rank would have no image in some piece
     */
    public RankShare {
        requireRank(rank, world);
        if (globalBatch < world) {
            throw new InputException(
                    ("train.batch = %d: expected at least one image for each of the %d ranks; start fewer ranks"
                                    + " or increase train.batch")
                            .formatted(globalBatch, world));
        }
        int pieces = pieces(globalBatch, microBatch, world);
        if (globalBatch / pieces < world) {
            // With a micro-batch of at least two images, every rank always has one.
            throw new InputException(
                    ("train.micro_batch = %d splits train.batch = %d into %d pieces, too small for one image on each"
                                    + " of the %d ranks; set train.micro_batch to at least 2,"
                                    + " or train.batch to a multiple of %d such as %d")
                            .formatted(
                                    microBatch,
                                    globalBatch,
                                    pieces,
                                    world,
                                    world,
                                    ceilDiv(globalBatch, world) * world));
        }
    }

    /** k, number of micro-batches of each rank per step. */
    public int pieces() {
        return pieces(globalBatch, microBatch, world);
    }

    /** Size of the largest micro-batch of any rank. */
    public int largest() {
        return ceilDiv(ceilDiv(globalBatch, pieces()), world);
    }

    /** Size of the smallest micro-batch of any rank. */
    public int smallest() {
        return smallestPiece() / world;
    }

    /** Size of the smallest piece: the images that all ranks together process at once. */
    public int smallestPiece() {
        return globalBatch / pieces();
    }

    /** This rank's positions in the global batch, from 0; one list per micro-batch. */
    List<List<Integer>> positions() {
        return IntStream.range(0, pieces())
                .mapToObj(piece -> new Span(0, globalBatch).split(piece, pieces()))
                .map(piece -> IntStream.range(piece.from(), piece.end())
                        .filter(image -> image % world == rank)
                        .boxed()
                        .toList())
                .toList();
    }

    private static void requireRank(int rank, int world) {
        if (rank < 0 || rank >= world) {
            throw new IllegalArgumentException("rank " + rank + " of " + world + ": expected 0 to world - 1");
        }
    }

    private static int pieces(int globalBatch, int microBatch, int world) {
        return microBatch == 0 ? 1 : ceilDiv(ceilDiv(globalBatch, world), microBatch);
    }

    private static int ceilDiv(int dividend, int divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }
}
