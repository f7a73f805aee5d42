package yolompi.recipe;

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
 */
public record LossRecipe(
        BoxTerm box,
        double boxWeight,
        double objectWeight,
        double noObjectWeight,
        double classWeight,
        double ignoreThreshold,
        double anchorIou) {
    public LossRecipe {
        Limits.atLeast("loss.box_weight", boxWeight, 0);
        Limits.atLeast("loss.object_weight", objectWeight, 0);
        Limits.atLeast("loss.no_object_weight", noObjectWeight, 0);
        Limits.atLeast("loss.class_weight", classWeight, 0);
        Limits.within("loss.ignore_threshold", ignoreThreshold, 0, 1);
        Limits.within("loss.anchor_iou", anchorIou, 0, 1);
    }

    public enum BoxTerm {
        /** Squared error of the raw coordinates, as in the YOLOv3 paper. */
        MSE,
        GIOU,
        CIOU
    }
}
