package yolompi.data.sampler;

import java.util.List;
import java.util.function.LongFunction;
import yolompi.data.SampleRef;
import yolompi.data.loader.BatchLoader;

/**
 * The steps that a {@link BatchLoader} delivers.
 *
 * @param first the first step
 * @param end one past the last
 * @param sizes input size of each step
 * @param microBatches gives the readings of this rank in a step, one list per micro-batch; a pure
 *     function
 */
public record StepRange(long first, long end, InputSizes sizes, LongFunction<List<List<SampleRef>>> microBatches) {
    public StepRange {
        if (first < 0 || end < first) {
            throw new IllegalArgumentException(
                    "steps from " + first + " up to " + end + ": expected 0 <= first <= end");
        }
    }

    /** The steps of a training run on one rank. */
    public static StepRange of(EpochPlan plan, long first, long end, RankShare share, InputSizes sizes) {
        return new StepRange(first, end, sizes, step -> plan.microBatches(step, share));
    }

    /** The steps of an evaluation on one rank. */
    public static StepRange of(EvalPlan plan, int size) {
        return new StepRange(0, plan.steps(), InputSizes.always(size), step -> List.of(plan.step(step)));
    }
}
