package yolompi.eval.metric;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pascal VOC's detection metrics. The detections of a class are processed best first, equal scores
 * in file order. Each is compared with the ground-truth box of highest IoU, matched or not. With an
 * IoU of at least 0.5, the first detection of a box is a true positive, any other a false positive.
 * Detections of a difficult box (or a crowd, which VOC lacks) are ignored, and such boxes need not
 * be detected.
 *
 * <p>VOC counts pixels: a box from {@code xmin} to {@code xmax} is {@code xmax - xmin + 1} wide.
 * COCO's {@code bbox} holds the width itself, so nothing is added here.
 *
 * <p>Source: {@code VOCevaldet.m} and {@code VOCap.m} of the development kits of 2007 and 2012;
 * Everingham et al., "The Pascal Visual Object Classes (VOC) Challenge", 2010, section 4.2.
 */
public final class VocMetrics {
    private static final double MIN_IOU = 0.5;

    /** Pascal VOC's definitions of average precision. */
    public enum Protocol {
        /** The mean of the best precision at recalls 0, 0.1 … 1 or higher; 2007 to 2009. */
        VOC07 {
            @Override
            double average(double[] recalls, double[] best) {
                double sum = 0;
                int at = 0;
                for (int point = 0; point <= 10; point++) {
                    // The devkit's comparison: 3 × 0.1 is one bit more than a recall of 3 / 10.
                    while (at < recalls.length && recalls[at] < point * 0.1) {
                        at++;
                    }
                    sum += at < recalls.length ? best[at] : 0;
                }
                return sum / 11;
            }
        },
        /** The area under the curve of the best precision at each recall or higher; since 2010. */
        VOC12 {
            @Override
            double average(double[] recalls, double[] best) {
                double area = 0;
                double before = 0;
                for (int i = 0; i < recalls.length; i++) {
                    area += (recalls[i] - before) * best[i];
                    before = recalls[i];
                }
                return area;
            }
        };

        /**
         * Average precision.
         *
         * @param recalls recall after each detection, best score first
         * @param best the best precision after this or a later detection
         */
        abstract double average(double[] recalls, double[] best);
    }

    /**
     * The metrics at IoU 0.5. Every value is 0 to 1, or -1 without ground truth.
     *
     * @param map mean over the classes with ground truth
     * @param ap average precision of each category, in order
     */
    public record Scores(Protocol protocol, double map, double[] ap) {}

    private VocMetrics() {}

    /** Computes the metrics over all images. */
    public static Scores measure(DetectionSet set, Protocol protocol) {
        double[] ap = set.byCategory().stream()
                .mapToDouble(boxes -> averagePrecision(boxes, protocol))
                .toArray();
        double map = Arrays.stream(ap)
                .filter(value -> value != MatchAccumulator.UNDEFINED)
                .average()
                .orElse(MatchAccumulator.UNDEFINED);
        return new Scores(protocol, map, ap);
    }

    private static double averagePrecision(ClassBoxes boxes, Protocol protocol) {
        long truthCount = boxes.truth().stream().filter(VocMetrics::counts).count();
        if (truthCount == 0) {
            return MatchAccumulator.UNDEFINED;
        }
        Map<Integer, ClassBoxes> images = boxes.byImage();
        Set<TruthPlace> taken = new HashSet<>();
        double[] recalls = new double[boxes.found().size()];
        double[] precisions = new double[recalls.length];
        int right = 0;
        int wrong = 0;
        int next = 0;
        for (int i : boxes.bestFirst()) {
            DetectedBox found = boxes.found().get(i);
            List<GroundTruthBox> truth = images.get(found.image()).truth();
            Optional<TruthPlace> nearest = nearest(found, truth);
            if (nearest.isEmpty()) {
                wrong++;
            } else if (counts(truth.get(nearest.get().place()))) {
                boolean first = taken.add(nearest.get());
                right += first ? 1 : 0;
                wrong += first ? 0 : 1;
            }
            recalls[next] = (double) right / truthCount;
            precisions[next] = right == 0 ? 0 : (double) right / (right + wrong);
            next++;
        }
        for (int i = precisions.length - 2; i >= 0; i--) {
            precisions[i] = Math.max(precisions[i], precisions[i + 1]);
        }
        return protocol.average(recalls, precisions);
    }

    /** Identifies a ground-truth box of the class by image and index. */
    private record TruthPlace(int image, int place) {}

    private static Optional<TruthPlace> nearest(DetectedBox found, List<GroundTruthBox> truth) {
        double most = 0;
        int best = -1;
        for (int i = 0; i < truth.size(); i++) {
            double overlap = found.box().iou(truth.get(i).box());
            if (overlap > most) {
                most = overlap;
                best = i;
            }
        }
        return most < MIN_IOU ? Optional.empty() : Optional.of(new TruthPlace(found.image(), best));
    }

    private static boolean counts(GroundTruthBox box) {
        return !box.difficult() && !box.crowd();
    }
}
