package yolompi.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines over a common axis, to be drawn by a page or into a picture.
 *
 * @param id names the chart's file and its place in a page: small letters, digits and hyphens
 * @param xLabel what lies across, with its unit
 * @param scale of the upward axis
 */
public record Chart(String id, String title, String xLabel, Scale scale, List<Line> lines) {
    /** A page of long runs on many ranks would otherwise hold megabytes. */
    private static final int MOST_POINTS = 2000;

    /** How values go up. */
    public enum Scale {
        /** From the least to the greatest value. */
        FITTED,
        /** From 0. */
        FROM_ZERO,
        /** From 0 to 1. */
        UNIT
    }

    /** How a line is drawn. */
    public enum Stroke {
        PLAIN,
        /** In the background: values before they were smoothed. */
        FAINT,
        /** With a dot at each value: few of them. */
        DOTTED
    }

    /**
     * A line; of values that are no numbers there is none.
     *
     * @param x {@code [N]}, ascending
     * @param y {@code [N]}
     */
    public record Line(String name, Stroke stroke, double[] x, double[] y) {
        public Line {
            if (x.length != y.length) {
                throw new IllegalArgumentException(name + ": " + x.length + " places, but " + y.length + " values");
            }
        }

        /** As many of its points, evenly chosen with both ends, as can be told apart in a chart. */
        private Line thinned() {
            if (x.length <= MOST_POINTS) {
                return this;
            }
            int[] kept = IntStream.range(0, MOST_POINTS)
                    .map(i -> (int) ((long) i * (x.length - 1) / (MOST_POINTS - 1)))
                    .toArray();
            return new Line(
                    name,
                    stroke,
                    IntStream.of(kept).mapToDouble(i -> x[i]).toArray(),
                    IntStream.of(kept).mapToDouble(i -> y[i]).toArray());
        }
    }

    public Chart {
        lines = lines.stream()
                .filter(line -> line.x().length > 0)
                .map(Line::thinned)
                .toList();
    }

    /** Whether there is nothing to draw. */
    public boolean isEmpty() {
        return lines.isEmpty();
    }
}
