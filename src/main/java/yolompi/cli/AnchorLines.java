package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import yolompi.data.AnchorCheck;
import yolompi.data.AnchorFit;
import yolompi.data.BoxShapes;
import yolompi.model.YoloHead;
import yolompi.recipe.Recipe;
import yolompi.train.TrainingSetup;

/** How anchors fit, in lines for people. */
final class AnchorLines {
    private AnchorLines() {}

    /** The anchors of all heads in their order, {@code [A,2]}. */
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

    /** The boxes as the recipe's network gets them. */
    static BoxShapes shapes(TrainingSetup setup) {
        Recipe recipe = setup.recipe();
        return BoxShapes.of(
                setup.data().train(), recipe.data().size(), recipe.augment().minBoxEdge());
    }

    /** A line for a training's summary, and one more where other anchors would be worth it. */
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
                "anchors   best possible recall %.3f, mean best IoU %.3f; about %.3f is within reach",
                check.fit().recall(),
                check.fit().meanIou(),
                Math.max(check.reachableIou(), check.fit().meanIou())));
        if (check.isPoor()) {
            lines.add(
                    "          they fit these boxes badly: 'anchors' with this recipe finds better ones for model.anchors");
        }
        return lines;
    }

    /** Figures of present anchors and of others, side by side. */
    static List<String> table(AnchorFit present, AnchorFit found) {
        return List.of(
                row("", "present", "found"),
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

    /** A line for each head: its anchors, and the boxes that are theirs. */
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

    /** Whole pixels, and tenths of small ones. */
    static float rounded(float edge) {
        return edge < 10 ? Math.max(1, Math.round(edge * 10)) / 10f : Math.round(edge);
    }

    /** An edge that was rounded, without useless zeros. */
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
