package yolompi.data.sampler;

import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.data.SampleRef;

/**
 * Assigns samples to steps. Training reads one endless stream of samples ({@link SampleOrder}).
 * Step s reads positions s·G to (s+1)·G − 1, where G is the global batch. A step may span two or
 * more epochs, so no sample is dropped or repeated to fill a batch. The step alone defines the
 * position of a run.
 *
 * <p>The order is a pure function of seed and epoch. Together, all ranks read the same samples in a
 * step for any number of ranks; {@link RankShare} splits them among the ranks.
 * {@link RandomStreams}, {@link ShuffledEpochs}, {@link ClassBalancedSampler} and
 * {@link ShuffledWindows} specify the random numbers and the shuffles. Thread-safe.
 */
public final class EpochPlan {
    private final SampleOrder order;
    private final int globalBatch;

    /**
     * Plans a run.
     *
     * @param order order of the N samples of the training set
     * @param globalBatch G, images per step on all ranks together
     * @throws InputException if there is no sample, or the batch is not positive
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

    /** The samples that all ranks together read in a step, in order. */
    public List<SampleRef> globalBatch(long step) {
        return IntStream.range(0, globalBatch)
                .mapToObj(image -> at(step, image))
                .toList();
    }

    /** The samples that one rank reads in a step, one list per micro-batch. */
    public List<List<SampleRef>> microBatches(long step, RankShare share) {
        if (share.globalBatch() != globalBatch) {
            throw new IllegalArgumentException("the share belongs to a global batch of %d images, but this plan has %d"
                    .formatted(share.globalBatch(), globalBatch));
        }
        return share.positions().stream()
                .map(piece -> piece.stream().map(image -> at(step, image)).toList())
                .toList();
    }

    /** Number of steps that read the given number of epochs completely: epochs·N/G, rounded up. */
    public long totalSteps(int epochs) {
        return ((long) epochs * order.samples() + globalBatch - 1) / globalBatch;
    }

    /** The epoch of a step's first sample. */
    public int epochOf(long step) {
        return epochsCompleted(step);
    }

    /** Number of epochs that are completely read after the given number of steps. */
    public int epochsCompleted(long stepsDone) {
        return Math.toIntExact(Math.multiplyExact(stepsDone, (long) globalBatch) / order.samples());
    }

    private SampleRef at(long step, int image) {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step + ": expected at least 0");
        }
        return order.at(Math.addExact(Math.multiplyExact(step, (long) globalBatch), image));
    }
}
