package yolompi.recipe;

import java.util.List;

/**
 * The terms of the loss and their weights.
 *
 * @param box how the box term measures an error
 * @param boxWeight weight of the box term
 * @param objectWeight weight of the objectness of cells that hold an object
 * @param noObjectWeight weight of the objectness of cells that hold none
 * @param classWeight weight of the class term
 * @param ignoreThreshold a cell without object whose predicted box overlaps a true one by more than this IoU is not punished
 * @param anchorIou a true box is learnt by the anchor that fits it best and by all that overlap it by more than this; 1: the best alone
 * @param objectFocal gamma of the focal loss of the objectness (Lin et al., 2017); 0: plain cross entropy
 * @param classFocal the same for the classes
 * @param focalAlpha alpha of both focal losses: weight of what is there against what is not; 0: both weigh the same
 * @param labelSmoothing classes are learnt as 1 - this/2 and this/2 instead of 1 and 0
 * @param scaleBalance factor on the objectness of each head, in the order of the cfg; empty: 1 each
 */
public record LossRecipe(
        BoxTerm box,
        double boxWeight,
        double objectWeight,
        double noObjectWeight,
        double classWeight,
        double ignoreThreshold,
        double anchorIou,
        double objectFocal,
        double classFocal,
        double focalAlpha,
        double labelSmoothing,
        List<Double> scaleBalance) {
    public LossRecipe {
        Limits.atLeast("loss.box_weight", boxWeight, 0);
        Limits.atLeast("loss.object_weight", objectWeight, 0);
        Limits.atLeast("loss.no_object_weight", noObjectWeight, 0);
        Limits.atLeast("loss.class_weight", classWeight, 0);
        Limits.within("loss.ignore_threshold", ignoreThreshold, 0, 1);
        Limits.within("loss.anchor_iou", anchorIou, 0, 1);
        Limits.within("loss.object_focal", objectFocal, 0, 10);
        Limits.within("loss.class_focal", classFocal, 0, 10);
        Limits.within("loss.focal_alpha", focalAlpha, 0, 0.99);
        Limits.within("loss.label_smoothing", labelSmoothing, 0, 0.99);
        scaleBalance = List.copyOf(scaleBalance);
        scaleBalance.forEach(factor -> Limits.atLeast("loss.scale_balance", factor, 0));
    }

    public enum BoxTerm {
        /** Squared error of the raw coordinates, as in the YOLOv3 paper. */
        MSE,
        /** 1 - IoU. */
        IOU,
        GIOU,
        DIOU,
        CIOU
    }
}
