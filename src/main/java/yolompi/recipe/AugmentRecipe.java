package yolompi.recipe;

/**
 * How training images are changed at random, the same for a seed, epoch and sample on any number of ranks.
 *
 * @param flip probability of mirroring left and right
 * @param flipVertical probability of mirroring top and bottom
 * @param hue largest shift of the hue, as a part of the colour circle
 * @param saturation largest relative change of the saturation
 * @param value largest relative change of the brightness
 * @param scale the image is scaled by 1 ± this on top of the letterbox
 * @param translate the image is moved by ± this part of the input's edge
 * @param aspect width and height are stretched against each other by up to this (Darknet's jitter)
 * @param rotate the image is turned about the input's centre by ± this, degrees
 * @param shear columns and rows are slanted by ± this, degrees
 * @param mosaic probability that an image is joined with three others (Bochkovskiy et al., YOLOv4, section 3.3)
 * @param mixup probability that another such picture shines through (Zhang et al., mixup, 2018)
 * @param closeMosaicEpochs in so many last epochs there is neither mosaic nor mixup
 * @param minBoxEdge a box that becomes narrower or lower is dropped, input pixels
 * @param minBoxVisible a box of whose area less than this part stays in the picture is dropped
 * @param maxBoxAspect a box whose longer edge becomes more than so many times the shorter is dropped; 0: none
 */
public record AugmentRecipe(
        double flip,
        double flipVertical,
        double hue,
        double saturation,
        double value,
        double scale,
        double translate,
        double aspect,
        double rotate,
        double shear,
        double mosaic,
        double mixup,
        int closeMosaicEpochs,
        double minBoxEdge,
        double minBoxVisible,
        double maxBoxAspect) {
    private static final AugmentRecipe NONE = new AugmentRecipe(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public AugmentRecipe {
        Limits.within("augment.flip", flip, 0, 1);
        Limits.within("augment.flip_vertical", flipVertical, 0, 1);
        Limits.within("augment.hue", hue, 0, 0.5);
        Limits.within("augment.saturation", saturation, 0, 0.95);
        Limits.within("augment.value", value, 0, 0.95);
        Limits.within("augment.scale", scale, 0, 0.95);
        Limits.within("augment.translate", translate, 0, 0.9);
        Limits.within("augment.aspect", aspect, 0, 0.9);
        Limits.within("augment.rotate", rotate, 0, 180);
        Limits.within("augment.shear", shear, 0, 45);
        Limits.within("augment.mosaic", mosaic, 0, 1);
        Limits.within("augment.mixup", mixup, 0, 1);
        Limits.atLeast("augment.close_mosaic_epochs", closeMosaicEpochs, 0);
        Limits.within("augment.min_box_edge", minBoxEdge, 0, 4096);
        Limits.within("augment.min_box_visible", minBoxVisible, 0, 1);
        if (maxBoxAspect != 0) {
            Limits.atLeast("augment.max_box_aspect", maxBoxAspect, 1);
        }
    }

    /** No change of the image but the letterbox, as in evaluation; no box is dropped. */
    public static AugmentRecipe none() {
        return NONE;
    }

    /** Whether pictures are made of several images. */
    public boolean composes() {
        return mosaic > 0 || mixup > 0;
    }

    /**
     * Epochs in which they are: the first ones.
     *
     * @param epochs of the whole training
     */
    public int composingEpochs(int epochs) {
        return composes() ? Math.max(0, epochs - closeMosaicEpochs) : 0;
    }
}
