package yolompi.recipe;

/**
 * When and how detections are measured.
 *
 * @param everyEpochs evaluate after each this many epochs, and after the last; 0: after the last alone
 * @param batch images of one forward pass on one rank
 * @param confidence boxes with a lower score are dropped before NMS
 * @param nms how boxes of one object become one
 * @param nmsIou of two boxes of one class that overlap by more, the better one stays
 * @param classAgnostic whether boxes of different classes suppress each other too
 * @param multiLabel whether a box may be found as several classes, each with its own score; otherwise as its best one alone
 * @param maxDetections boxes kept for each image, the best first
 * @param fitness by which the best checkpoint is chosen
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

    /** Kinds of non-maximum suppression: boxes are taken best first, and each one that is kept acts on the worse ones that overlap it. */
    public enum Nms {
        /** Drops those whose IoU exceeds the limit. */
        GREEDY,
        /**
         * Drops those whose IoU less the squared distance of the centres, as part of the squared diagonal around both boxes, exceeds the limit:
         * neighbours that overlap side by side stay (Zheng et al., Distance-IoU Loss, AAAI 2020).
         */
        DIOU,
        /** Lowers their score by exp(-IoU² / 0.5), and drops none but those that fall to the confidence: no limit (Bodla et al., Soft-NMS, ICCV 2017). */
        SOFT,
        /** As {@link #GREEDY}, but the box that stays becomes the mean of those it drops and itself, weighted by score. */
        MERGE
    }

    public enum Fitness {
        /** mAP@0.5:0.95, COCO's main number. */
        MAP50_95("mAP@0.5:0.95"),
        /** mAP@0.5. */
        MAP50("mAP@0.5"),
        /** The lowest loss of the validation images. */
        LOSS("validation loss");

        private final String title;

        Fitness(String title) {
            this.title = title;
        }

        /** As people know it. */
        public String title() {
            return title;
        }
    }
}
