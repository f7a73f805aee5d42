package yolompi.pack;

import java.util.Arrays;
import java.util.List;

/**
 * Distribution of box sizes. The edge of a box is that of a square of the same area, in pixels of
 * the original image.
 *
 * @param small boxes with an edge below 32 pixels (COCO's bounds)
 * @param medium boxes with an edge of at least 32 and below 96 pixels
 * @param large boxes with an edge of at least 96 pixels
 * @param minEdge 0 if there are no boxes; so are the next two
 */
public record BoxSizes(int small, int medium, int large, double minEdge, double medianEdge, double maxEdge) {
    static BoxSizes of(List<PreparedImage> images) {
        double[] edges = images.stream()
                .flatMap(image -> image.boxes().stream())
                .mapToDouble(box -> Math.sqrt(box.box().area()))
                .sorted()
                .toArray();
        if (edges.length == 0) {
            return new BoxSizes(0, 0, 0, 0, 0, 0);
        }
        int small = (int) Arrays.stream(edges).filter(edge -> edge < 32).count();
        int large = (int) Arrays.stream(edges).filter(edge -> edge >= 96).count();
        return new BoxSizes(
                small,
                edges.length - small - large,
                large,
                tenths(edges[0]),
                tenths((edges[(edges.length - 1) / 2] + edges[edges.length / 2]) / 2),
                tenths(edges[edges.length - 1]));
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
