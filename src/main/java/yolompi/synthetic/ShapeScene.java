package yolompi.synthetic;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * One image of the drawn data set: one to five shapes, some of them tiny, some partly hidden or cut
 * off at the edge. Boxes bound the visible pixels. The image depends only on seed and index.
 */
final class ShapeScene {
    private static final int MAX_SHAPES = 5;
    private static final int TRIES = 12;
    /** Radians. A small square on its tip is hard to distinguish from a circle. */
    private static final double MAX_TILT = Math.toRadians(20);

    private static final double TINY_SHARE = 0.1;
    private static final double NEIGHBOUR_SHARE = 0.2;
    private static final double MIN_VISIBLE = 0.55;

    /** @param area area of the whole shape, square pixels */
    private record Placed(ShapeKind kind, Shape outline, double area) {}

    private final int size;
    private final RandomGenerator random;
    private final List<Placed> shapes = new ArrayList<>();

    ShapeScene(long seed, int index, int size) {
        this.size = size;
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index);
        int count = random.nextInt(1, MAX_SHAPES + 1);
        for (int shape = 0; shape < count; shape++) {
            place();
        }
    }

    private void place() {
        ShapeKind kind = ShapeKind.ALL.get(random.nextInt(ShapeKind.ALL.size()));
        for (int attempt = 0; attempt < TRIES; attempt++) {
            shapes.add(candidate(kind));
            if (leavesAllVisible()) {
                return;
            }
            shapes.remove(shapes.size() - 1);
        }
    }

    private Placed candidate(ShapeKind kind) {
        boolean tiny = random.nextDouble() < TINY_SHARE;
        double radius = size / 2.0 * (tiny ? random.nextDouble(0.045, 0.09) : random.nextDouble(0.13, 0.45));
        AffineTransform transform = new AffineTransform();
        if (!shapes.isEmpty() && random.nextDouble() < NEIGHBOUR_SHARE) {
            Rectangle neighbor =
                    shapes.get(random.nextInt(shapes.size())).outline().getBounds();
            double angle = random.nextDouble(2 * Math.PI);
            double distance = 0.8 * (radius + neighbor.getWidth() / 2);
            transform.translate(
                    neighbor.getCenterX() + distance * Math.cos(angle),
                    neighbor.getCenterY() + distance * Math.sin(angle));
        } else {
            transform.translate(random.nextDouble(size), random.nextDouble(size));
        }
        transform.rotate(random.nextDouble(-MAX_TILT, MAX_TILT));
        transform.scale(radius, radius);
        Shape outline = transform.createTransformedShape(kind.outline());
        return new Placed(kind, outline, kind.unitArea() * radius * radius);
    }

    private boolean leavesAllVisible() {
        VisiblePixels together = visible(shapes);
        for (int shape = 0; shape < shapes.size(); shape++) {
            if (together.count(shape) < MIN_VISIBLE * shapes.get(shape).area()) {
                return false;
            }
        }
        return true;
    }

    private VisiblePixels visible(List<Placed> placed) {
        return new VisiblePixels(size, placed.stream().map(Placed::outline).toList());
    }

    /** The boxes of the visible parts, in pixels. */
    List<LabeledBox> boxes() {
        VisiblePixels visible = visible(shapes);
        List<LabeledBox> boxes = new ArrayList<>();
        for (int shape = 0; shape < shapes.size(); shape++) {
            Box bounds = visible.bounds(shape);
            int classId = shapes.get(shape).kind().classId();
            if (!bounds.isEmpty()) {
                boxes.add(new LabeledBox(bounds, classId, false));
            }
        }
        return boxes;
    }

    /** Paints the image. Call this only once: it consumes random numbers of the scene. */
    BufferedImage paint() {
        BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        ShapeBackground background = new ShapeBackground(random, size);
        background.paint(canvas);
        shapes.forEach(shape -> paint(canvas, shape.outline()));
        canvas.dispose();
        background.grain(picture);
        return picture;
    }

    private void paint(Graphics2D canvas, Shape outline) {
        Rectangle bounds = outline.getBounds();
        float hue = random.nextFloat();
        Color light = Color.getHSBColor(hue, random.nextFloat(0.45f, 0.8f), random.nextFloat(0.85f, 1f));
        Color dark = Color.getHSBColor(
                hue + random.nextFloat(-0.08f, 0.08f), random.nextFloat(0.7f, 1f), random.nextFloat(0.5f, 0.8f));
        shadow(canvas, outline, bounds.width * 0.05);
        canvas.setPaint(
                new GradientPaint(bounds.x, bounds.y, light, bounds.x + bounds.width, bounds.y + bounds.height, dark));
        canvas.fill(outline);
        if (random.nextBoolean()) {
            Graphics2D inside = (Graphics2D) canvas.create();
            inside.clip(outline);
            inside.setColor(random.nextBoolean() ? dark.darker() : Color.WHITE);
            inside.setStroke(new BasicStroke(Math.max(2, bounds.width * 0.07f)));
            inside.draw(outline);
            inside.dispose();
        }
    }

    private static void shadow(Graphics2D canvas, Shape outline, double offset) {
        Graphics2D below = (Graphics2D) canvas.create();
        below.setColor(new Color(0, 0, 0, 45));
        below.translate(offset, offset);
        below.fill(outline);
        below.dispose();
    }

    /** The visible pixels of shapes that are drawn over each other into a square image. */
    private static final class VisiblePixels {
        private final int[] counts;
        private final int[] left;
        private final int[] top;
        private final int[] right;
        private final int[] bottom;

        VisiblePixels(int size, List<Shape> outlines) {
            counts = new int[outlines.size()];
            left = filled(outlines.size(), size);
            top = filled(outlines.size(), size);
            right = filled(outlines.size(), 0);
            bottom = filled(outlines.size(), 0);
            int[] owners = owners(size, outlines);
            for (int pixel = 0; pixel < owners.length; pixel++) {
                if (owners[pixel] > 0) {
                    add(owners[pixel] - 1, pixel % size, pixel / size);
                }
            }
        }

        private static int[] filled(int length, int value) {
            int[] array = new int[length];
            Arrays.fill(array, value);
            return array;
        }

        private void add(int shape, int x, int y) {
            counts[shape]++;
            left[shape] = Math.min(left[shape], x);
            top[shape] = Math.min(top[shape], y);
            right[shape] = Math.max(right[shape], x + 1);
            bottom[shape] = Math.max(bottom[shape], y + 1);
        }

        /** For each pixel the number of the visible shape, from 1; 0 for the background. */
        private static int[] owners(int size, List<Shape> outlines) {
            BufferedImage mask = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
            Graphics2D canvas = mask.createGraphics();
            canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            for (int shape = 0; shape < outlines.size(); shape++) {
                canvas.setColor(new Color(shape + 1));
                canvas.fill(outlines.get(shape));
            }
            canvas.dispose();
            int[] colors = mask.getRGB(0, 0, size, size, new int[size * size], 0, size);
            return Arrays.stream(colors).map(color -> color & 0xFFFFFF).toArray();
        }

        int count(int shape) {
            return counts[shape];
        }

        /** The box around the visible part of a shape, in pixels; empty if the shape is hidden. */
        Box bounds(int shape) {
            return new Box(left[shape], top[shape], right[shape], bottom[shape]);
        }
    }
}
