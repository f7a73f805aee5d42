package yolompi.optim;

import java.util.Locale;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.ScheduleRecipe;

/**
 * Learning rates and momentum as functions of the step only, so that a training can resume at any
 * step.
 *
 * @param peak the highest learning rate, except for biases during warm-up
 * @param momentum after the warm-up
 * @param stepsPerEpoch not necessarily an integer
 * @param totalSteps of the whole training
 */
public record Schedule(ScheduleRecipe recipe, double peak, double momentum, double stepsPerEpoch, long totalSteps) {
    /**
     * Learning rates and momentum of one step.
     *
     * @param learningRate of kernels and of the weights of batch norms
     * @param biasRate learning rate of the biases of convolutions and batch norms
     * @param momentum momentum of SGD; beta1 of Adam and AdamW
     */
    public record StepHyperparameters(double learningRate, double biasRate, double momentum) {
        /** Weights hardly change: benchmarks measure only time. */
        public static final StepHyperparameters OF_BENCHMARKS = of(1e-5, 0.9);

        /** Same learning rate for all parameters. */
        public static StepHyperparameters of(double learningRate, double momentum) {
            return new StepHyperparameters(learningRate, learningRate, momentum);
        }
    }

    /** Creates the schedule of a training with global batches of {@code batch} images. */
    public static Schedule of(
            ScheduleRecipe recipe, OptimizerRecipe optimizer, int batch, double stepsPerEpoch, long totalSteps) {
        return new Schedule(
                recipe, optimizer.scaledLearningRate(batch), optimizer.momentum(), stepsPerEpoch, totalSteps);
    }

    /** Returns the values for a step, counted from 0. */
    public StepHyperparameters at(long step) {
        double progress = (double) step / totalSteps;
        return switch (recipe.kind()) {
            case COSINE -> warmed(step, betweenByCosine(1, recipe.finalFactor(), progress));
            case LINEAR -> warmed(step, between(1, recipe.finalFactor(), progress));
            case STEP -> warmed(step, Math.pow(recipe.stepFactor(), milestonesPassed(progress)));
            case ONE_CYCLE -> oneCycle(progress);
        };
    }

    /** Describes the learning rate over time. */
    public String describe() {
        String kind = recipe.kind().name().toLowerCase(Locale.ROOT);
        return switch (recipe.kind()) {
            case ONE_CYCLE ->
                "%s from %.4g, rising to step %.0f, then falling to %.4g"
                        .formatted(
                                kind,
                                peak * recipe.cycleStart(),
                                recipe.cyclePeak() * totalSteps,
                                peak * recipe.finalFactor());
            case COSINE, LINEAR -> warmup() + "%s to %.4g".formatted(kind, peak * recipe.finalFactor());
            case STEP ->
                warmup() + "times %.4g after %s of the training".formatted(recipe.stepFactor(), recipe.milestones());
        };
    }

    /** Explains how the peak was calculated, for global batches of {@code batch} images. */
    public static String reason(OptimizerRecipe optimizer, int batch) {
        double factor = optimizer.scaledLearningRate(batch) / optimizer.learningRate();
        double unbounded = batch / optimizer.referenceBatch();
        return "%.4g for a batch of %.0f, times %.4g for a batch of %d%s"
                .formatted(
                        optimizer.learningRate(),
                        optimizer.referenceBatch(),
                        factor,
                        batch,
                        unbounded < optimizer.minBatchScale()
                                ? " (the minimum: optimizer.min_batch_scale)"
                                : unbounded > optimizer.maxBatchScale()
                                        ? " (the maximum: optimizer.max_batch_scale)"
                                        : "");
    }

    private String warmup() {
        return warmupSteps() < 1 ? "no warm-up, " : "warm-up over %.0f steps, then ".formatted(warmupSteps());
    }

    private double warmupSteps() {
        return Math.min(recipe.warmupEpochs() * stepsPerEpoch, totalSteps / 2.0);
    }

    /**
     * The first step has the lowest learning rate above 0, but exactly the warm-up's initial
     * momentum and bias learning rate.
     */
    private StepHyperparameters warmed(long step, double part) {
        double rate = peak * part;
        double rising = rate * Math.min(1, (step + 1) / Math.max(1, warmupSteps()));
        double warmth = warmupSteps() < 1 ? 1 : Math.min(1, step / warmupSteps());
        double firstBiasRate = peak * recipe.warmupBiasFactor();
        return new StepHyperparameters(
                rising,
                firstBiasRate == 0 ? rising : between(firstBiasRate, rate, warmth),
                between(Math.min(recipe.warmupMomentum(), momentum), momentum, warmth));
    }

    private int milestonesPassed(double progress) {
        return (int) recipe.milestones().stream()
                .filter(milestone -> progress >= milestone)
                .count();
    }

    private StepHyperparameters oneCycle(double progress) {
        double top = recipe.cyclePeak();
        double least = Math.min(recipe.cycleMomentum(), momentum);
        if (progress < top) {
            double part = progress / top;
            return StepHyperparameters.of(
                    peak * betweenByCosine(recipe.cycleStart(), 1, part), betweenByCosine(momentum, least, part));
        }
        double part = (progress - top) / (1 - top);
        return StepHyperparameters.of(
                peak * betweenByCosine(1, recipe.finalFactor(), part), betweenByCosine(least, momentum, part));
    }

    private static double between(double start, double end, double part) {
        return (1 - part) * start + part * end;
    }

    /** Interpolates along half a cosine wave, with slope 0 at both ends. */
    private static double betweenByCosine(double start, double end, double part) {
        return end + (start - end) * (1 + Math.cos(Math.PI * part)) / 2;
    }
}
