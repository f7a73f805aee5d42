package yolompi.eval.metric;

import java.util.List;

/**
 * A confusion matrix. In each image the detections with at least {@code confidence} are processed
 * best first. Each matches the free ground-truth box of any class with the highest IoU of at least
 * {@code iou}; of equal IoUs, a box of its own class. Unmatched detections count in the row
 * background, unmatched ground truth in the column background. Crowds do not count, nor do
 * unmatched detections of their class that are inside them with at least a fraction {@code iou} of
 * their area.
 *
 * @param confidence lowest score of a detection that counts
 * @param iou lowest IoU of a match
 * @param counts {@code [true class][predicted class]}, each with the background after the last
 *     class; background in both is always 0
 */
public record ConfusionMatrix(double confidence, double iou, long[][] counts) {
    private static final int NONE = -1;

    /** Counts over all images. */
    public static ConfusionMatrix of(DetectionSet set, double confidence, double iou) {
        int classes = set.categories().size();
        ConfusionMatrix matrix = new ConfusionMatrix(confidence, iou, new long[classes + 1][classes + 1]);
        for (ClassBoxes image :
                new ClassBoxes(set.truth(), set.found()).byImage().values()) {
            matrix.add(image.atLeast(confidence));
        }
        return matrix;
    }

    private void add(ClassBoxes image) {
        int background = counts.length - 1;
        List<GroundTruthBox> truth = image.countedTruth();
        boolean[] taken = new boolean[truth.size()];
        for (DetectedBox found : image.found()) {
            int match = nearest(found, truth, taken);
            if (match != NONE) {
                taken[match] = true;
                counts[truth.get(match).category()][found.category()]++;
            } else if (!image.inCrowd(found, iou)) {
                counts[background][found.category()]++;
            }
        }
        for (int i = 0; i < taken.length; i++) {
            counts[truth.get(i).category()][background] += taken[i] ? 0 : 1;
        }
    }

    private int nearest(DetectedBox found, List<GroundTruthBox> truth, boolean[] taken) {
        int best = NONE;
        double most = iou;
        for (int i = 0; i < taken.length; i++) {
            double overlap = found.box().iou(truth.get(i).box());
            boolean prior = best == NONE || truth.get(i).category() == found.category();
            boolean better = overlap > most || (overlap == most && prior);
            if (!taken[i] && better) {
                most = overlap;
                best = i;
            }
        }
        return best;
    }
}
