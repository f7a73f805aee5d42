package yolompi.train;

/**
 * What an evaluation measured.
 *
 * @param map50 mAP at IoU 0.5, 0 to 1
 * @param map5095 mean of the mAPs at IoU 0.5 to 0.95, 0 to 1
 */
record Evaluation(double map50, double map5095) {
    /** By which the best checkpoint is chosen: COCO's main number. */
    double fitness() {
        return map5095;
    }
}
