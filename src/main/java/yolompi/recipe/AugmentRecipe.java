package yolompi.recipe;

/**
 * How training images are changed at random, the same for a seed, epoch and sample on any number of ranks.
 *
 * @param flip probability of mirroring left and right
 * @param hue largest shift of the hue, as a part of the colour circle
 * @param saturation largest relative change of the saturation
 * @param value largest relative change of the brightness
 * @param scale the image is scaled by 1 ± this on top of the letterbox
 * @param translate the image is moved by ± this part of the input's edge
 * @param aspect width and height are stretched against each other by up to this (Darknet's jitter)
 */
public record AugmentRecipe(
        double flip, double hue, double saturation, double value, double scale, double translate, double aspect) {
    public AugmentRecipe {
        Limits.within("augment.flip", flip, 0, 1);
        Limits.within("augment.hue", hue, 0, 0.5);
        Limits.within("augment.saturation", saturation, 0, 0.95);
        Limits.within("augment.value", value, 0, 0.95);
        Limits.within("augment.scale", scale, 0, 0.95);
        Limits.within("augment.translate", translate, 0, 0.9);
        Limits.within("augment.aspect", aspect, 0, 0.9);
    }

    /** No change of the image but the letterbox, as in evaluation. */
    public static AugmentRecipe none() {
        return new AugmentRecipe(0, 0, 0, 0, 0, 0, 0);
    }
}
