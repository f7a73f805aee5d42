package yolompi.data;

import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;

/**
 * What one rank takes of every global batch of G images. They are dealt like cards, image i to rank
 * i mod world, and the batch is cut into k even pieces, the same k on all ranks: a rank's images in
 * the p-th piece are its p-th micro-batch. So all ranks compute the same number of micro-batches,
 * no rank more than one image above another, in a micro-batch and in all, and what they compute
 * together in the p-th of them is piece p, which depends on G and k alone: batch norm over all
 * ranks sees the same images on any number of ranks with the same k.
 *
 * <p>k = ceil(ceil(G/world) / microBatch), and then no rank computes more than {@code microBatch}
 * images at once; without micro-batches k = 1.
 *
 * @param globalBatch G, images a step on all ranks together
 * @param microBatch most images that a rank computes at once; 0: no limit
 */
public record RankShare(int globalBatch, int microBatch, int rank, int world) {
    /** @throws InputException where a rank would be without an image in some piece */
    public RankShare {
        if (rank < 0 || rank >= world) {
            throw new IllegalArgumentException("rank " + rank + " of " + world + ": expected 0 to world - 1");
        }
        if (globalBatch < world) {
            throw new InputException(
                    ("train.batch = %d: expected at least one image for each of the %d ranks; start fewer ranks"
                                    + " or increase train.batch")
                            .formatted(globalBatch, world));
        }
        int pieces = pieces(globalBatch, microBatch, world);
        if (globalBatch / pieces < world) {
            // With two images or more at once there is always one for each rank.
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

    /** k, how many micro-batches each rank computes in a step. */
    public int pieces() {
        return pieces(globalBatch, microBatch, world);
    }

    /** The most images that any rank computes at once. */
    public int largest() {
        return ceilDiv(ceilDiv(globalBatch, pieces()), world);
    }

    /** The fewest images that any rank computes at once. */
    public int smallest() {
        return smallestPiece() / world;
    }

    /** The fewest images that all ranks together compute at once. */
    public int smallestPiece() {
        return globalBatch / pieces();
    }

    /** This rank's positions in the global batch, from 0, a list for each micro-batch. */
    List<List<Integer>> positions() {
        return IntStream.range(0, pieces())
                .mapToObj(piece -> new Span(0, globalBatch).split(piece, pieces()))
                .map(piece -> IntStream.range(piece.from(), piece.end())
                        .filter(image -> image % world == rank)
                        .boxed()
                        .toList())
                .toList();
    }

    private static int pieces(int globalBatch, int microBatch, int world) {
        return microBatch == 0 ? 1 : ceilDiv(ceilDiv(globalBatch, world), microBatch);
    }

    private static int ceilDiv(int dividend, int divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }
}
