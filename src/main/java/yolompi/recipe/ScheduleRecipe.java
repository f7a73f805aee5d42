package yolompi.recipe;

import java.util.List;

/**
 * The learning rate schedule.
 *
 * @param warmupEpochs epochs, or a fraction, of linear warm-up from 0
 * @param finalFactor final learning rate as a fraction of the peak (all but STEP)
 * @param milestones for STEP: fractions of the training at which the learning rate drops,
 *     increasing
 * @param stepFactor for STEP: factor on the learning rate at each milestone
 * @param warmupMomentum momentum at the start of the warm-up; it rises to
 *     {@code optimizer.momentum}
 * @param warmupBiasFactor biases start the warm-up at this multiple of the peak, and fall to the
 *     peak
 * @param cyclePeak for ONE_CYCLE: fraction of the training at which the learning rate peaks
 * @param cycleStart for ONE_CYCLE: initial learning rate as a fraction of the peak
 * @param cycleMomentum for ONE_CYCLE: momentum at the peak; it starts and ends at
 *     {@code optimizer.momentum}
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
                Limits.fail("schedule.milestones", milestones, "increasing fractions of the training between 0 and 1");
            }
            last = milestone;
        }
        milestones = List.copyOf(milestones);
    }

    public enum Kind {
        COSINE,
        LINEAR,
        STEP,
        /** One rise and one fall, without a warm-up (Smith and Topin, Super-Convergence, 2018). */
        ONE_CYCLE
    }
}
