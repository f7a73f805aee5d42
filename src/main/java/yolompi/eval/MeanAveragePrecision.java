package yolompi.eval;

import java.util.List;

/**
 * Average precision as COCO defines it, 0 to 1.
 *
 * @param map50 at IoU 0.5, the mean over the classes that have true boxes; 0 where none has
 * @param map5095 the same, and the mean over IoU 0.50, 0.55 … 0.95
 * @param classes one result for each class of the data set, in its order
 */
public record MeanAveragePrecision(double map50, double map5095, List<ClassResult> classes) {
    public MeanAveragePrecision {
        classes = List.copyOf(classes);
    }

    /**
     * One class by itself.
     *
     * @param truthCount true boxes that count, the ignored ones left out
     * @param ap50 average precision at IoU 0.5; 0 where {@code truthCount} is 0: such a class is not in the means
     * @param ap5095 the same, the mean over IoU 0.50, 0.55 … 0.95
     */
    public record ClassResult(int classId, String name, int truthCount, double ap50, double ap5095) {}
}
