package yolompi.recipe;

import java.util.List;

/**
 * How the learning rate moves over the training.
 *
 * @param warmupEpochs the rate rises linearly from 0 during these (parts count)
 * @param finalFactor where the cosine ends, as a part of the peak rate
 * @param milestones for STEP: when the rate falls, as parts of the whole training, rising
 * @param stepFactor for STEP: what the rate is multiplied by at each milestone
 * @param warmupMomentum the momentum with which the warm-up begins; it rises to {@code optimizer.momentum}
 * @param warmupBiasFactor biases begin the warm-up at so many times the peak rate, and fall to it
 * @param cyclePeak for ONE_CYCLE: part of the training after which the rate is at its peak
 * @param cycleStart for ONE_CYCLE: where it begins, as a part of the peak
 * @param cycleMomentum for ONE_CYCLE: the momentum at the peak; it begins and ends at {@code optimizer.momentum}
 */
public record ScheduleRecipe(
        Kind kind,
        double warmupEpochs,
        double finalFactor,
        List<Double> milestones,
        double stepFactor,
        double warmupMomentum,
        double warmupBiasFactor,
        double cyclePeak,
        double cycleStart,
        double cycleMomentum) {
    public ScheduleRecipe {
        Limits.atLeast("schedule.warmup_epochs", warmupEpochs, 0);
        Limits.within("schedule.final_factor", finalFactor, 0, 1);
        Limits.within("schedule.step_factor", stepFactor, 0, 1);
        Limits.within("schedule.warmup_momentum", warmupMomentum, 0, 0.9999);
        Limits.within("schedule.warmup_bias_factor", warmupBiasFactor, 0, 1000);
        Limits.within("schedule.cycle_peak", cyclePeak, 0, 0.99);
        Limits.within("schedule.cycle_start", cycleStart, 0, 1);
        Limits.within("schedule.cycle_momentum", cycleMomentum, 0, 0.9999);
        double last = 0;
        for (double milestone : milestones) {
            if (!(milestone > last && milestone < 1)) {
                Limits.fail("schedule.milestones", milestones, "rising parts of the training between 0 and 1");
            }
            last = milestone;
        }
        milestones = List.copyOf(milestones);
    }

    public enum Kind {
        COSINE,
        LINEAR,
        STEP,
        /** Up and down once (Smith and Topin, Super-Convergence, 2018), in place of the warm-up too. */
        ONE_CYCLE
    }
}
