package yolompi.recipe;

import java.util.List;

/**
 * The terms of the loss and their weights.
 *
 * @param box kind of the box loss
 * @param boxWeight weight of the box loss
 * @param objectWeight weight of the objectness loss of cells with an object
 * @param noObjectWeight weight of the objectness loss of cells without an object
 * @param classWeight weight of the classification loss
 * @param ignoreThreshold predictions of cells without an object are ignored in the objectness loss
 *     if their IoU with any ground-truth box is higher
 * @param anchorIou a ground-truth box trains its best anchor and all anchors with a higher IoU than
 *     this; 1: only the best
 * @param objectFocal gamma of the focal loss for objectness (Lin et al., 2017); 0: cross-entropy
 * @param classFocal gamma of the focal loss for classification; 0: cross-entropy
 * @param focalAlpha alpha of both focal losses: weight of positives against negatives; 0: equal
 *     weight
 * @param labelSmoothing class targets are 1 - this/2 and this/2 instead of 1 and 0
 * @param scaleBalance factor on the objectness loss of each head, in the order of the cfg; empty: 1
 *     for each
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
