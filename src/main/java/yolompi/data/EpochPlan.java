package yolompi.data;

import java.util.List;
import java.util.stream.LongStream;
import yolompi.InputException;

/**
 * Who reads what, when. Training is one endless stream of samples: every sample once in the random order of epoch 0, then of epoch 1, and
 * so on. Step s reads the positions from s·G up to (s+1)·G, G being the global batch; a step may hold samples of two or more epochs, so
 * none is dropped or read twice to fill a batch, and the whole position of a run is its step.
 *
 * <p>The order is a pure function of seed and epoch, and the union of what all ranks read in a step is the same for any number of ranks.
 * {@link Seeds} and {@link ShuffledEpochs} specify the random numbers and the shuffle. Safe to call from several threads.
 */
public final class EpochPlan {
    private final int samples;
    private final int globalBatch;
    private final ShuffledEpochs stream;

    /**
     * Plans a run.
     *
     * @param samples N, how many samples the training set has
     * @param globalBatch G, images a step on all ranks together
     * @throws InputException when there is no sample, or the batch is not positive
     */
    public EpochPlan(int samples, int globalBatch, long seed) {
        if (samples < 1) {
            throw new InputException("the training set has " + samples + " samples: expected at least 1");
        }
        if (globalBatch < 1) {
            throw new InputException("train.batch = " + globalBatch + ": expected at least 1");
        }
        this.samples = samples;
        this.globalBatch = globalBatch;
        this.stream = new ShuffledEpochs(samples, seed);
    }

    /** What all ranks together read in a step, in order. */
    public List<SampleRef> globalBatch(long step) {
        return part(step, new Span(0, globalBatch));
    }

    /**
     * What one rank reads in a step: the positions floor(rank·G/world) up to floor((rank+1)·G/world) of the global batch. Shares differ by
     * at most one in length; a share is empty where there are more ranks than images.
     */
    public List<SampleRef> share(long step, int rank, int world) {
        return part(step, Span.ofRank(globalBatch, rank, world));
    }

    /** How many steps read every sample at least {@code epochs} times: epochs·N/G, rounded up. */
    public long totalSteps(int epochs) {
        return ((long) epochs * samples + globalBatch - 1) / globalBatch;
    }

    /** The epoch of a step's first sample. */
    public int epochOf(long step) {
        return epochsCompleted(step);
    }

    /** How many epochs have been read to their end after so many steps. */
    public int epochsCompleted(long stepsDone) {
        return Math.toIntExact(Math.multiplyExact(stepsDone, (long) globalBatch) / samples);
    }

    /** Whether the last sample of some epoch is read in this step. */
    public boolean endsEpoch(long step) {
        return epochsCompleted(step + 1) > epochsCompleted(step);
    }

    private List<SampleRef> part(long step, Span part) {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step + ": expected at least 0");
        }
        long start = Math.multiplyExact(step, (long) globalBatch);
        return LongStream.range(start + part.from(), start + part.end())
                .mapToObj(stream::at)
                .toList();
    }
}
