package yolompi.pack;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import yolompi.data.image.CheckedImage;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.annotation.Annotations.AnnotatedImage;
import yolompi.pack.annotation.PackIssue;

/**
 * Converts the boxes of an image to pixels of the upright image, and drops or clips those that do
 * not fit.
 */
final class BoxCheck {
    /**
     * Rounding in a label file may move a box outside by this many pixels: clipped without an
     * issue.
     */
    private static final float ROUNDING = 0.05f;

    private record Place(Box box, int classId) {}

    private final AnnotatedImage annotated;
    private final CheckedImage image;
    private final List<PackIssue> issues;
    private final List<LabeledBox> kept = new ArrayList<>();
    private final Set<Place> seen = new HashSet<>();

    private BoxCheck(AnnotatedImage annotated, CheckedImage image, List<PackIssue> issues) {
        this.annotated = annotated;
        this.image = image;
        this.issues = issues;
    }

    /** Returns the boxes to keep; adds what was dropped or changed to {@code issues}. */
    static List<LabeledBox> check(AnnotatedImage annotated, CheckedImage image, List<PackIssue> issues) {
        BoxCheck check = new BoxCheck(annotated, image, issues);
        boolean turned = check.isDeclaredAsStored();
        for (LabeledBox box : annotated.boxes()) {
            Box pixels = check.toPixels(box.box());
            check.add(box.withBox(
                    turned
                            ? image.orientation().toUpright(pixels, image.storedWidth(), image.storedHeight())
                            : pixels));
        }
        if (turned && !annotated.boxes().isEmpty()) {
            check.found(
                    PackIssue.Kind.ROTATED_BOXES,
                    "declared %d × %d, upright %d × %d"
                            .formatted(
                                    annotated.declaredWidth(),
                                    annotated.declaredHeight(),
                                    image.width(),
                                    image.height()));
        }
        return check.kept;
    }

    /** Whether the boxes were drawn on the stored image instead of the upright image. */
    private boolean isDeclaredAsStored() {
        return image.orientation().swapsEdges()
                && image.width() != image.height()
                && annotated.declaredWidth() == image.storedWidth()
                && annotated.declaredHeight() == image.storedHeight();
    }

    private Box toPixels(Box box) {
        return switch (annotated.unit()) {
            case PIXELS -> box;
            case FRACTIONS ->
                new Box(
                        box.x1() * image.width(),
                        box.y1() * image.height(),
                        box.x2() * image.width(),
                        box.y2() * image.height());
        };
    }

    private void add(LabeledBox labeled) {
        Box box = labeled.box();
        Box clipped = box.clip(image.width(), image.height());
        if (box.isEmpty()) {
            found(PackIssue.Kind.ZERO_SIZE_BOX, describe(box));
        } else if (clipped.isEmpty()) {
            found(PackIssue.Kind.OUTSIDE_BOX, "%s in %d × %d".formatted(describe(box), image.width(), image.height()));
        } else if (!seen.add(new Place(clipped, labeled.classId()))) {
            found(PackIssue.Kind.DUPLICATE_BOX, describe(box));
        } else {
            if (overhang(box, clipped) > ROUNDING) {
                found(PackIssue.Kind.CLIPPED_BOX, "%s to %s".formatted(describe(box), describe(clipped)));
            }
            kept.add(labeled.withBox(clipped));
        }
    }

    private static float overhang(Box box, Box clipped) {
        return Math.max(
                Math.max(clipped.x1() - box.x1(), clipped.y1() - box.y1()),
                Math.max(box.x2() - clipped.x2(), box.y2() - clipped.y2()));
    }

    private static String describe(Box box) {
        return "%s,%s,%s,%s".formatted(number(box.x1()), number(box.y1()), number(box.x2()), number(box.y2()));
    }

    private static String number(float value) {
        String text = String.valueOf(Math.round(value * 100) / 100.0);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private void found(PackIssue.Kind kind, String detail) {
        issues.add(new PackIssue(annotated.file().toString(), kind, detail));
    }
}
