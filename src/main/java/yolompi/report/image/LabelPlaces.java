package yolompi.report.image;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import yolompi.geometry.Box;

/**
 * Places the label of each box inside the image. If possible, a label covers neither earlier labels
 * nor more than a quarter of its box.
 */
public final class LabelPlaces {
    /** Fraction of a box that its label may hide. */
    private static final double MAX_HIDDEN = 0.25;

    private final Rectangle picture;
    private final List<Rectangle> taken = new ArrayList<>();

    public LabelPlaces(int width, int height) {
        picture = new Rectangle(width, height);
    }

    /** Keeps labels out of an area, if possible. */
    public void keepClear(Rectangle area) {
        taken.add(area);
    }

    public Rectangle place(Box box, Dimension label) {
        List<Rectangle> candidates = candidates(box, label);
        List<Rectangle> free = candidates.stream()
                .filter(candidate -> taken.stream().noneMatch(candidate::intersects))
                .toList();
        Rectangle best = free.stream()
                .filter(candidate -> hiddenPart(box, candidate) <= MAX_HIDDEN)
                .findFirst()
                .orElse(free.isEmpty() ? candidates.get(0) : free.get(0));
        taken.add(best);
        return best;
    }

    private static double hiddenPart(Box box, Rectangle label) {
        Box place = new Box(label.x, label.y, label.x + label.width, label.y + label.height);
        return box.area() > 0 ? box.intersection(place) / box.area() : 0;
    }

    /** Above the box, inside at the top, below, inside at the bottom; each left, then right. */
    private List<Rectangle> candidates(Box box, Dimension label) {
        int left = Math.round(box.x1());
        int right = Math.round(box.x2()) - label.width;
        int top = Math.round(box.y1());
        int bottom = Math.round(box.y2());
        List<Rectangle> candidates = new ArrayList<>();
        for (int y : new int[] {top - label.height, top, bottom, bottom - label.height}) {
            for (int x : new int[] {left, right}) {
                candidates.add(inside(new Rectangle(x, y, label.width, label.height)));
            }
        }
        return candidates;
    }

    private Rectangle inside(Rectangle label) {
        int x = Math.max(0, Math.min(label.x, picture.width - label.width));
        int y = Math.max(0, Math.min(label.y, picture.height - label.height));
        return new Rectangle(x, y, label.width, label.height);
    }
}
