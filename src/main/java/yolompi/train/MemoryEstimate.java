package yolompi.train;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.Recipe;

/**
 * The memory of a rank by its recipe, before anything is measured.
 *
 * @param fixedBytes weights, gradients, optimizer state and average in fp32, and the program
 * @param imageBytes activations of one image on each replica, in forward and backward
 */
public record MemoryEstimate(double fixedBytes, double imageBytes) {
    private static final double PROGRAM_BYTES = 350 * (1 << 20);

    public static MemoryEstimate of(TrainingSetup setup) {
        Recipe recipe = setup.recipe();
        int optimizerCopies = recipe.optimizer().kind() == OptimizerRecipe.Kind.SGD ? 1 : 2;
        int replicas = recipe.dist().replicas();
        int copies = 2 * replicas + optimizerCopies + (recipe.train().emaDecay() > 0 ? 1 : 0);
        int bytesPerValue = setup.compute().bytesPerValue();
        // Backward holds the gradient of a layer beside what forward kept; the JVM and its libraries take the rest.
        double activations = 1.5 * setup.architecture().activationBytes(largestSize(recipe), bytesPerValue) * replicas;
        return new MemoryEstimate(4.0 * copies * setup.architecture().parameters() + PROGRAM_BYTES, activations);
    }

    /** With so many images at once. */
    public double bytes(int images) {
        return fixedBytes + images * imageBytes;
    }

    /** The largest edge that the input has in training, pixels. */
    static int largestSize(Recipe recipe) {
        return Stream.concat(Stream.of(recipe.data().size()), recipe.data().sizes().stream())
                .flatMapToInt(IntStream::of)
                .max()
                .orElseThrow();
    }
}
