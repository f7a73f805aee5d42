package yolompi.data.augment;

import java.util.SplittableRandom;
import yolompi.recipe.AugmentRecipe;

/**
 * The random changes of one image.
 *
 * @param stretchX factor on the width of the letterboxed image, about the center of the input
 * @param stretchY factor on its height
 * @param translateX shift to the right, as a fraction of the input's edge
 * @param translateY shift down, as a fraction of the input's edge
 * @param rotation clockwise about the center of the input, radians
 * @param shearX slant of the columns, radians
 * @param shearY slant of the rows, radians
 * @param flip mirrored horizontally
 * @param flipVertical mirrored vertically
 * @param hueShift added to the hue, as a fraction of the color circle
 * @param saturationGain factor on the saturation
 * @param valueGain factor on the brightness
 */
record Augmentation(
        double stretchX,
        double stretchY,
        double translateX,
        double translateY,
        double rotation,
        double shearX,
        double shearY,
        boolean flip,
        boolean flipVertical,
        double hueShift,
        double saturationGain,
        double valueGain) {

    /**
     * Draws the same thirteen numbers for every recipe, so that disabling one change keeps the
     * others.
     */
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
        boolean flipVertical = random.nextDouble() < recipe.flipVertical();
        double rotation = Math.toRadians(within(recipe.rotate(), random));
        double shearX = Math.toRadians(within(recipe.shear(), random));
        double shearY = Math.toRadians(within(recipe.shear(), random));
        double aspect = Math.sqrt(wider / higher);
        return new Augmentation(
                scale * aspect,
                scale / aspect,
                translateX,
                translateY,
                rotation,
                shearX,
                shearY,
                flip,
                flipVertical,
                hueShift,
                saturationGain,
                valueGain);
    }

    /**
     * The geometric part as a map of the square input onto itself: stretch, shear, rotate,
     * translate, mirror.
     *
     * @param size edge of the input, pixels
     */
    Affine withinInput(int size) {
        double center = size / 2.0;
        return Affine.scale(stretchX, stretchY)
                .then(Affine.shear(shearX, shearY))
                .then(Affine.rotate(rotation))
                .about(center, center)
                .then(Affine.move(translateX * size, translateY * size))
                .then(Affine.scale(flip ? -1 : 1, flipVertical ? -1 : 1).about(center, center));
    }

    boolean changesColors() {
        return hueShift != 0 || saturationGain != 1 || valueGain != 1;
    }

    private static double within(double bound, SplittableRandom random) {
        return bound * (2 * random.nextDouble() - 1) + 0.0; // avoids -0.0, which equals() distinguishes from 0.0
    }
}
