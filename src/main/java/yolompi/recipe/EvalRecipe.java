package yolompi.recipe;

/**
 * When and how the model is evaluated.
 *
 * @param everyEpochs epochs between evaluations; always one after the last epoch; 0: only that one
 * @param batch images per forward pass on a rank
 * @param confidence boxes with a lower score are dropped before NMS
 * @param nms NMS variant
 * @param nmsIou NMS drops a box whose IoU with a better box of its class is higher
 * @param classAgnostic whether boxes of different classes also suppress each other
 * @param multiLabel whether a box may be detected as several classes, each with its own score;
 *     otherwise only as its best class
 * @param maxDetections maximum number of boxes per image; the best are kept
 * @param fitness metric that selects the best checkpoint
 */
public record EvalRecipe(
        int everyEpochs,
        int batch,
        double confidence,
        Nms nms,
        double nmsIou,
        boolean classAgnostic,
        boolean multiLabel,
        int maxDetections,
        Fitness fitness) {
    public EvalRecipe {
        Limits.atLeast("eval.every_epochs", everyEpochs, 0);
        Limits.within("eval.batch", batch, 1, 4096);
        Limits.within("eval.confidence", confidence, 0, 1);
        Limits.within("eval.nms_iou", nmsIou, 0, 1);
        Limits.within("eval.max_detections", maxDetections, 1, 100_000);
    }

    /**
     * Variants of non-maximum suppression. Boxes are processed best first; each kept box acts on
     * the worse boxes that overlap it.
     */
    public enum Nms {
        /** Drops boxes whose IoU exceeds the limit. */
        GREEDY,
        /**
         * Drops boxes whose DIoU exceeds the limit. DIoU is the IoU minus the squared distance of
         * the centers over the squared diagonal of the enclosing box, so neighbors side by side
         * stay (Zheng et al., Distance-IoU Loss, AAAI 2020).
         */
        DIOU,
        /**
         * Multiplies scores by exp(-IoU² / 0.5); drops only boxes whose score falls to the
         * confidence. Has no IoU limit (Bodla et al., Soft-NMS, ICCV 2017).
         */
        SOFT,
        /**
         * As {@link #GREEDY}, but a kept box becomes the score-weighted mean of itself and the
         * boxes it drops.
         */
        MERGE
    }

    public enum Fitness {
        /** mAP@0.5:0.95, COCO's primary metric. */
        MAP50_95("mAP@0.5:0.95"),
        /** mAP@0.5. */
        MAP50("mAP@0.5"),
        /** The lowest loss of the validation images. */
        LOSS("validation loss");

        private final String title;

        Fitness(String title) {
            this.title = title;
        }

        /** The name of the metric for users. */
        public String title() {
            return title;
        }
    }
}
