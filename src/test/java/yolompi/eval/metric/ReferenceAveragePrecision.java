package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * COCO's average precision, computed directly from its definition: all detections are ranked once,
 * processed once for each threshold, and the whole curve is searched for each recall.
 */
final class ReferenceAveragePrecision {
    /**
     * A ground-truth box of one image; compared by identity, as an image may have two equal boxes.
     */
    private static final class Target {
        private final LabeledBox truth;

        private Target(LabeledBox truth) {
            this.truth = truth;
        }

        private double overlap(Box found) {
            Box box = truth.box();
            double width = (double) Math.min(found.x2(), box.x2()) - Math.max(found.x1(), box.x1());
            double height = (double) Math.min(found.y2(), box.y2()) - Math.max(found.y1(), box.y1());
            double shared = Math.max(width, 0) * Math.max(height, 0);
            double all = truth.ignored() ? area(found) : area(found) + area(box) - shared;
            return shared / all;
        }

        private static double area(Box box) {
            return ((double) box.x2() - box.x1()) * ((double) box.y2() - box.y1());
        }
    }

    private record Ranked(int image, Detection detection) {}

    private record CurvePoint(double recall, double precision) {}

    private final Map<Integer, List<Target>> targets = new HashMap<>();
    private final List<Ranked> ranking = new ArrayList<>();
    private final long truthCount;

    ReferenceAveragePrecision(List<ImageResult> results, int classId) {
        for (ImageResult result : results) {
            targets.put(
                    result.imageIndex(),
                    result.truth().stream()
                            .filter(truth -> truth.classId() == classId)
                            .map(Target::new)
                            .toList());
            result.detections().stream()
                    .filter(detection -> detection.classId() == classId)
                    .sorted(Comparator.comparing(detection -> -detection.score()))
                    .limit(100)
                    .forEach(detection -> ranking.add(new Ranked(result.imageIndex(), detection)));
        }
        ranking.sort(Comparator.comparing(ranked -> -ranked.detection.score()));
        truthCount = targets.values().stream()
                .flatMap(List::stream)
                .filter(target -> !target.truth.ignored())
                .count();
    }

    double at(double threshold) {
        Set<Target> found = new HashSet<>();
        List<CurvePoint> curve = new ArrayList<>();
        int wrong = 0;
        for (Ranked ranked : ranking) {
            Optional<Target> hit =
                    nearest(ranked, threshold, target -> !target.truth.ignored() && !found.contains(target));
            if (hit.isPresent()) {
                found.add(hit.get());
            } else if (nearest(ranked, threshold, target -> target.truth.ignored())
                    .isEmpty()) {
                wrong++;
            }
            if (found.size() + wrong > 0) {
                curve.add(new CurvePoint(
                        (double) found.size() / truthCount, (double) found.size() / (found.size() + wrong)));
            }
        }
        double sum = 0;
        for (int percent = 0; percent <= 100; percent++) {
            double recall = percent * 0.01;
            sum += curve.stream()
                    .filter(point -> point.recall >= recall)
                    .mapToDouble(CurvePoint::precision)
                    .max()
                    .orElse(0);
        }
        return sum / 101;
    }

    private Optional<Target> nearest(Ranked ranked, double threshold, Predicate<Target> mayBe) {
        return targets.get(ranked.image).stream()
                .filter(mayBe)
                .filter(target -> target.overlap(ranked.detection.box()) >= threshold)
                .max(Comparator.comparing(target -> target.overlap(ranked.detection.box())));
    }
}
