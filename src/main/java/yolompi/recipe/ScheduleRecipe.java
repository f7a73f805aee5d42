package yolompi.recipe;

import java.util.List;

/**
 * How the learning rate moves over the training.
 *
 * @param warmupEpochs the rate rises linearly from 0 during these (parts count)
 * @param finalFactor where the cosine ends, as a part of the peak rate
 * @param milestones for STEP: when the rate falls, as parts of the whole training, rising
 * @param stepFactor for STEP: what the rate is multiplied by at each milestone
 */
public record ScheduleRecipe(
        Kind kind, double warmupEpochs, double finalFactor, List<Double> milestones, double stepFactor) {
    public ScheduleRecipe {
        Limits.atLeast("schedule.warmup_epochs", warmupEpochs, 0);
        Limits.within("schedule.final_factor", finalFactor, 0, 1);
        Limits.within("schedule.step_factor", stepFactor, 0, 1);
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
        STEP
    }
}
