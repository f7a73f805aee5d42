package yolompi.data;

import java.util.Arrays;
import java.util.List;

/**
 * How large the boxes are. The edge is that of a square of the same area, in pixels of the original
 * images.
 *
 * @param small boxes with an edge below 32 pixels (COCO's bounds)
 * @param medium boxes with an edge from 32 to below 96 pixels
 * @param large boxes with an edge of 96 pixels and more
 * @param minEdge 0 where there are no boxes, as the next two
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
