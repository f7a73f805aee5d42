package yolompi.train.memory;

import yolompi.data.sampler.MultiScale;
import yolompi.model.Architecture;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.Recipe;

/**
 * Estimated memory of a training in one process, in bytes.
 *
 * @param weights of all replicas in fp32, like all following ones
 * @param gradients of all replicas
 * @param optimizer momentum, and Adam's second moment
 * @param average moving average of the weights
 * @param activations of the images that are computed at once
 * @param program the JVM and its libraries
 */
public record TrainingMemory(
        long weights, long gradients, long optimizer, long average, long activations, long program) {
    private static final long PROGRAM = 350L << 20;

    /** Backward holds the gradient of a layer in addition to the outputs that forward kept. */
    private static final double FORWARD_AND_BACKWARD = 1.5;

    /**
     * Estimates the memory.
     *
     * @param images images that a replica computes at once
     * @param bytesPerValue of activations: 4 for fp32, 2 for bf16
     */
    public static TrainingMemory of(Recipe recipe, Architecture architecture, int images, int bytesPerValue) {
        long copy = Float.BYTES * architecture.parameters();
        int replicas = recipe.dist().replicas();
        boolean oneMoment = recipe.optimizer().kind() == OptimizerRecipe.Kind.SGD;
        double activations = FORWARD_AND_BACKWARD
                * architecture.activationBytes(
                        MultiScale.of(recipe.data(), recipe.seed()).largest(), bytesPerValue)
                * images
                * replicas;
        return new TrainingMemory(
                copy * replicas,
                copy * replicas,
                oneMoment ? copy : 2 * copy,
                recipe.train().emaDecay() > 0 ? copy : 0,
                (long) activations,
                PROGRAM);
    }

    public long total() {
        return weights + gradients + optimizer + average + activations + program;
    }
}
