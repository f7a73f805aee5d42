package yolompi.data.sampler;

import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.data.SampleRef;
import yolompi.data.sampler.RankShare.Span;

/**
 * The contiguous part of an evaluation set that one rank evaluates. Every image is read once on any
 * number of ranks; there is no padding. Ranks may have different numbers of steps, including none.
 *
 * @param samples number of images in the whole set
 * @param batch maximum number of images per step
 */
public record EvalPlan(int samples, int batch, int rank, int world) {
    public EvalPlan {
        if (samples < 0) {
            throw new IllegalArgumentException(samples + " samples: expected at least 0");
        }
        if (batch < 1) {
            throw new InputException("evaluation batch = " + batch + ": expected at least 1");
        }
        Span.ofRank(samples, rank, world);
    }

    /** Number of steps of this rank. */
    public long steps() {
        return (part().length() + batch - 1L) / batch;
    }

    /** The images of a step, from 0; the last step may have fewer. */
    public List<SampleRef> step(long step) {
        if (step < 0 || step >= steps()) {
            throw new IllegalArgumentException("step " + step + ": expected 0 to " + (steps() - 1));
        }
        int from = part().from() + (int) step * batch;
        int end = Math.min(from + batch, part().end());
        return IntStream.range(from, end).mapToObj(i -> new SampleRef(0, i)).toList();
    }

    private Span part() {
        return Span.ofRank(samples, rank, world);
    }
}
