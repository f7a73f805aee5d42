package yolompi.report.image;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A line chart, drawn by a page or as an image ({@link ChartImage}).
 *
 * @param id file name of the image and id in the page: lower-case letters, digits and hyphens
 * @param xLabel label of the x axis, with its unit
 * @param scale of the y axis
 */
public record Chart(String id, String title, String xLabel, Scale scale, List<Line> lines) {
    /** Limits the page's size: without it, long runs on many ranks would give megabytes. */
    private static final int MAX_POINTS = 2000;

    /**
     * Colors of lines. They differ on light and dark backgrounds and for most color-blind people
     * (Okabe and Ito, 2008, a little darker).
     */
    private static final int[] RGB = {
        0x0072b2,
        0xd55e00,
        0x009e73,
        0xb75b8f,
        0xc28e00,
        0x4a9fd4,
        0x8a6d3b,
        0x7a7f87,
        // Not from Okabe and Ito, whose palette ends here: the order of the legend helps.
        0x6f5bd0,
        0xd4477e,
        0x5d9b2c,
        0x2aa5a0
    };

    /** Range of the y axis. */
    public enum Scale {
        /** From the lowest to the highest value. */
        FITTED,
        /** From 0. */
        FROM_ZERO,
        /** From 0 to 1. */
        UNIT
    }

    /** How a line is drawn. */
    public enum Stroke {
        PLAIN,
        /** In the background: raw values behind a smoothed line. */
        FAINT,
        /** With a marker at each value, for lines of few values. */
        DOTTED
    }

    /**
     * One line. Values that are not finite are not drawn.
     *
     * @param x {@code [N]}, ascending
     * @param y {@code [N]}
     */
    public record Line(String name, Stroke stroke, double[] x, double[] y) {
        public Line {
            if (x.length != y.length) {
                throw new IllegalArgumentException(
                        "line " + name + ": found " + x.length + " x values and " + y.length + " y values");
            }
        }

        /** Keeps at most {@link #MAX_POINTS} evenly spaced points, with the first and the last. */
        private Line thinned() {
            if (x.length <= MAX_POINTS) {
                return this;
            }
            int[] kept = IntStream.range(0, MAX_POINTS)
                    .map(i -> (int) ((long) i * (x.length - 1) / (MAX_POINTS - 1)))
                    .toArray();
            return new Line(
                    name,
                    stroke,
                    IntStream.of(kept).mapToDouble(i -> x[i]).toArray(),
                    IntStream.of(kept).mapToDouble(i -> y[i]).toArray());
        }

        /** A line of one value has no length: it needs a marker to be seen. */
        private Line markedIfSingle() {
            boolean single = Arrays.stream(y).filter(Double::isFinite).count() == 1;
            return single && stroke == Stroke.PLAIN ? new Line(name, Stroke.DOTTED, x, y) : this;
        }
    }

    public Chart {
        lines = lines.stream()
                .filter(line -> line.x().length > 0)
                .map(Line::thinned)
                .map(Line::markedIfSingle)
                .toList();
    }

    /** A color for each line. A faint line of raw values has the color of the line before it. */
    public List<Color> lineColors() {
        List<Color> colors = new ArrayList<>();
        int next = 0;
        for (Line line : lines) {
            boolean follows = line.stroke() == Stroke.FAINT && next > 0;
            colors.add(new Color(RGB[(follows ? next - 1 : next++) % RGB.length]));
        }
        return colors;
    }

    /** Whether there is nothing to draw. */
    public boolean isEmpty() {
        return lines.isEmpty();
    }
}
