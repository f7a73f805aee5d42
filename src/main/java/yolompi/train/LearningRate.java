package yolompi.train;

import yolompi.recipe.ScheduleRecipe;

/**
 * The learning rate as a function of the step.
 *
 * @param peak after the warm-up
 * @param stepsPerEpoch parts count
 * @param totalSteps of the whole training
 */
record LearningRate(ScheduleRecipe recipe, double peak, double stepsPerEpoch, long totalSteps) {
    /** The rate of a step, counted from 0. */
    double at(long step) {
        double warmupSteps = Math.min(recipe.warmupEpochs() * stepsPerEpoch, totalSteps / 2.0);
        double warmth = Math.min(1, (step + 1) / Math.max(1, warmupSteps));
        return peak * warmth * decay((double) step / totalSteps);
    }

    private double decay(double progress) {
        return switch (recipe.kind()) {
            case COSINE -> recipe.finalFactor() + (1 - recipe.finalFactor()) * (1 + Math.cos(Math.PI * progress)) / 2;
            case LINEAR -> 1 - (1 - recipe.finalFactor()) * progress;
            case ONE_CYCLE -> throw new UnsupportedOperationException("one_cycle");
            case STEP -> Math.pow(recipe.stepFactor(), milestonesPassed(progress));
        };
    }

    private int milestonesPassed(double progress) {
        return (int) recipe.milestones().stream()
                .filter(milestone -> progress >= milestone)
                .count();
    }
}
