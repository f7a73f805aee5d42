package yolompi.data;

import java.util.SplittableRandom;
import yolompi.recipe.AugmentRecipe;

/**
 * What happens to one reading of one image.
 *
 * @param stretchX factor on the letterboxed image's width, about the centre of the input
 * @param stretchY the same for its height
 * @param translateX moved to the right by this part of the input's edge
 * @param translateY moved down by this part
 * @param flip mirrored left and right, last of all
 * @param hueShift added to the hue, as a part of the colour circle
 * @param saturationGain factor on the saturation
 * @param valueGain factor on the brightness
 */
record Augmentation(
        double stretchX,
        double stretchY,
        double translateX,
        double translateY,
        boolean flip,
        double hueShift,
        double saturationGain,
        double valueGain) {

    /** Draws the same nine numbers whatever the recipe holds, so that switching one change off leaves the others as they were. */
    static Augmentation draw(AugmentRecipe recipe, SplittableRandom random) {
        boolean flip = random.nextDouble() < recipe.flip();
        double scale = 1 + within(recipe.scale(), random);
        double translateX = within(recipe.translate(), random);
        double translateY = within(recipe.translate(), random);
        double wider = 1 + within(recipe.aspect(), random);
        double higher = 1 + within(recipe.aspect(), random);
        double hueShift = within(recipe.hue(), random);
        double saturationGain = 1 + within(recipe.saturation(), random);
        double valueGain = 1 + within(recipe.value(), random);
        double aspect = Math.sqrt(wider / higher);
        return new Augmentation(
                scale * aspect, scale / aspect, translateX, translateY, flip, hueShift, saturationGain, valueGain);
    }

    /** The moving part as a map of the square input, edge {@code size}, onto itself. */
    AxisAffine withinInput(int size) {
        double center = size / 2.0;
        AxisAffine placed = new AxisAffine(
                stretchX,
                center - stretchX * center + translateX * size,
                stretchY,
                center - stretchY * center + translateY * size);
        return flip ? placed.then(new AxisAffine(-1, size, 1, 0)) : placed;
    }

    boolean changesColors() {
        return hueShift != 0 || saturationGain != 1 || valueGain != 1;
    }

    private static double within(double bound, SplittableRandom random) {
        return bound * (2 * random.nextDouble() - 1);
    }
}
