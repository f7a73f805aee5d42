package yolompi.recipe;

/**
 * When and how detections are measured.
 *
 * @param everyEpochs evaluate after each this many epochs, and after the last; 0: after the last alone
 * @param batch images of one forward pass on one rank
 * @param confidence boxes with a lower score are dropped before NMS
 * @param nmsIou of two boxes of one class that overlap by more, the better one stays
 * @param maxDetections boxes kept for each image, the best first
 * @param fitness by which the best checkpoint is chosen
 */
public record EvalRecipe(
        int everyEpochs, int batch, double confidence, double nmsIou, int maxDetections, Fitness fitness) {
    public EvalRecipe {
        Limits.atLeast("eval.every_epochs", everyEpochs, 0);
        Limits.within("eval.batch", batch, 1, 4096);
        Limits.within("eval.confidence", confidence, 0, 1);
        Limits.within("eval.nms_iou", nmsIou, 0, 1);
        Limits.within("eval.max_detections", maxDetections, 1, 100_000);
    }

    public enum Fitness {
        /** mAP@0.5:0.95, COCO's main number. */
        MAP50_95,
        /** mAP@0.5. */
        MAP50,
        /** The lowest loss of the validation images. */
        LOSS
    }
}
