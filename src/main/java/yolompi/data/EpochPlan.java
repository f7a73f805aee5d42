package yolompi.data;

import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;

/**
 * Who reads what, when. Training is one endless stream of samples ({@link SampleOrder}). Step s
 * reads the positions from s·G up to (s+1)·G, G being the global batch; a step may hold samples of
 * two or more epochs, so none is dropped or read twice to fill a batch, and the whole position of a
 * run is its step.
 *
 * <p>The order is a pure function of seed and epoch, and the union of what all ranks read in a step
 * is the same for any number of ranks; {@link RankShare} says which of it is whose. {@link Seeds},
 * {@link ShuffledEpochs}, {@link BalancedEpochs} and {@link ShuffledWindows} specify the random
 * numbers and the shuffles. Safe to call from several threads.
 */
public final class EpochPlan {
    private final SampleOrder order;
    private final int globalBatch;

    /**
     * Plans a run.
     *
     * @param order of the N samples of the training set
     * @param globalBatch G, images a step on all ranks together
     * @throws InputException when there is no sample, or the batch is not positive
     */
    public EpochPlan(SampleOrder order, int globalBatch) {
        if (order.samples() < 1) {
            throw new InputException("the training set has " + order.samples() + " samples: expected at least 1");
        }
        if (globalBatch < 1) {
            throw new InputException("train.batch = " + globalBatch + ": expected at least 1");
        }
        this.order = order;
        this.globalBatch = globalBatch;
    }

    /** What all ranks together read in a step, in order. */
    public List<SampleRef> globalBatch(long step) {
        return IntStream.range(0, globalBatch)
                .mapToObj(image -> at(step, image))
                .toList();
    }

    /** What one rank reads in a step, one list for each of its micro-batches. */
    public List<List<SampleRef>> microBatches(long step, RankShare share) {
        if (share.globalBatch() != globalBatch) {
            throw new IllegalArgumentException("the share belongs to a global batch of %d images, but this plan has %d"
                    .formatted(share.globalBatch(), globalBatch));
        }
        return share.positions().stream()
                .map(piece -> piece.stream().map(image -> at(step, image)).toList())
                .toList();
    }

    /** How many steps read so many epochs to their end: epochs·N/G, rounded up. */
    public long totalSteps(int epochs) {
        return ((long) epochs * order.samples() + globalBatch - 1) / globalBatch;
    }

    /** The epoch of a step's first sample. */
    public int epochOf(long step) {
        return epochsCompleted(step);
    }

    /** How many epochs have been read to their end after so many steps. */
    public int epochsCompleted(long stepsDone) {
        return Math.toIntExact(Math.multiplyExact(stepsDone, (long) globalBatch) / order.samples());
    }

    /** Whether the last sample of some epoch is read in this step. */
    public boolean endsEpoch(long step) {
        return epochsCompleted(step + 1) > epochsCompleted(step);
    }

    private SampleRef at(long step, int image) {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step + ": expected at least 0");
        }
        return order.at(Math.addExact(Math.multiplyExact(step, (long) globalBatch), image));
    }
}
