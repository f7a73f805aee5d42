package yolompi.synthetic;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import yolompi.geometry.Box;

/** The visible pixels of shapes that are drawn over each other into a square image. */
final class VisiblePixels {
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
