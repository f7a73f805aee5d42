package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import yolompi.anchors.AnchorCheck;
import yolompi.anchors.AnchorFit;
import yolompi.anchors.BoxShapes;
import yolompi.model.YoloHead;
import yolompi.recipe.Recipe;
import yolompi.train.setup.TrainingSetup;

/** Text lines that say how well anchors fit a data set. */
final class AnchorLines {
    private AnchorLines() {}

    /** Widths and heights of the anchors of all heads, in the order of the heads, {@code [A,2]}. */
    static float[] of(List<YoloHead> heads) {
        List<YoloHead.Anchor> anchors =
                heads.stream().flatMap(head -> head.anchors().stream()).toList();
        float[] sizes = new float[2 * anchors.size()];
        for (int i = 0; i < anchors.size(); i++) {
            sizes[2 * i] = anchors.get(i).width();
            sizes[2 * i + 1] = anchors.get(i).height();
        }
        return sizes;
    }

    /** Shapes of the training boxes at the input size of the recipe. */
    static BoxShapes shapes(TrainingSetup setup) {
        Recipe recipe = setup.recipe();
        return BoxShapes.of(
                setup.data().train(), recipe.data().size(), recipe.augment().minBoxEdge());
    }

    /** One line for the summary of a training; a second one if the anchors fit poorly. */
    static List<String> summary(TrainingSetup setup) {
        float[] anchors = of(setup.architecture().heads());
        BoxShapes shapes = shapes(setup);
        if (shapes.count() == 0 || anchors.length == 0) {
            return List.of();
        }
        AnchorCheck check = AnchorCheck.of(shapes, anchors);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "anchors   best possible recall %.3f, mean best IoU %.3f (about %.3f is achievable)",
                check.fit().recall(),
                check.fit().meanIou(),
                Math.max(check.reachableIou(), check.fit().meanIou())));
        if (check.isPoor()) {
            lines.add("          poor fit: run 'anchors' with this recipe to find better values for model.anchors");
        }
        return lines;
    }

    /** Metrics of the current anchors and of the found ones, side by side. */
    static List<String> table(AnchorFit present, AnchorFit found) {
        return List.of(
                row("", "current", "found"),
                row(
                        "best possible recall (%d : 1)".formatted(AnchorFit.MOST_RATIO),
                        decimals(present.recall()),
                        decimals(found.recall())),
                row("mean best IoU", decimals(present.meanIou()), decimals(found.meanIou())),
                row("boxes with best IoU > 0.5", percent(present.overHalf()), percent(found.overHalf())),
                row(
                        "anchors within %d : 1 of a box".formatted(AnchorFit.MOST_RATIO),
                        decimals(present.anchorsWithin()),
                        decimals(found.anchorsWithin())));
    }

    /** One line for each head: its anchors and the number of boxes assigned to them. */
    static List<String> heads(List<YoloHead> heads, AnchorFit fit, int boxes) {
        List<String> lines = new ArrayList<>();
        int next = 0;
        for (YoloHead head : heads) {
            int own = 0;
            List<String> sizes = new ArrayList<>();
            for (YoloHead.Anchor anchor : head.anchors()) {
                own += fit.boxesOfAnchor()[next++];
                sizes.add(size(anchor.width()) + "×" + size(anchor.height()));
            }
            lines.add("stride %2d: %6d boxes (%s), anchors %s"
                    .formatted(head.stride(), own, percent((double) own / boxes), String.join(" ", sizes)));
        }
        return lines;
    }

    /** Rounds to whole pixels; edges under 10 pixels to tenths. */
    static float rounded(float edge) {
        return edge < 10 ? Math.max(1, Math.round(edge * 10)) / 10f : Math.round(edge);
    }

    /** A rounded edge without trailing zeros. */
    static String size(float edge) {
        return edge == Math.rint(edge) ? String.valueOf((int) edge) : String.valueOf(edge);
    }

    private static String row(String name, String present, String found) {
        return "%-28s %9s %9s".formatted(name, present, found).stripTrailing();
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }
}
