package yolompi.recipe;

/**
 * Random augmentation of training images. It depends only on seed, epoch and sample, not on the
 * ranks.
 *
 * @param flip probability of a left-right flip
 * @param flipVertical probability of a top-bottom flip
 * @param hue maximum hue shift, as a fraction of the color circle
 * @param saturation maximum relative change of the saturation
 * @param value maximum relative change of the brightness
 * @param scale the image is scaled by 1 ± this, in addition to the letterbox
 * @param translate maximum shift, as a fraction of the input's edge
 * @param aspect maximum relative change of the aspect ratio (Darknet's jitter)
 * @param rotate maximum rotation about the center of the input, degrees
 * @param shear maximum shear along both axes, degrees
 * @param mosaic probability of a mosaic with three other images (Bochkovskiy et al., YOLOv4,
 *     section 3.3)
 * @param mixup probability of blending with another image or mosaic (Zhang et al., mixup, 2018)
 * @param closeMosaicEpochs number of final epochs without mosaic and mixup
 * @param minBoxEdge boxes with a shorter edge after augmentation are dropped, input pixels
 * @param minBoxVisible boxes with a smaller visible fraction of their area are dropped
 * @param maxBoxAspect boxes with a larger ratio of long to short edge are dropped; 0: none
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

    /** Only the letterbox, as in evaluation; drops no box. */
    public static AugmentRecipe none() {
        return NONE;
    }

    /** Whether mosaic or mixup is enabled. */
    public boolean composes() {
        return mosaic > 0 || mixup > 0;
    }

    /**
     * Number of first epochs with mosaic or mixup.
     *
     * @param epochs epochs of the whole training
     */
    public int composingEpochs(int epochs) {
        return composes() ? Math.max(0, epochs - closeMosaicEpochs) : 0;
    }
}
