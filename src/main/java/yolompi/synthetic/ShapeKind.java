package yolompi.synthetic;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.List;

/** The classes of the drawn data set. */
enum ShapeKind {
    CIRCLE("circle", 0, 0),
    SQUARE("square", 4, 1),
    TRIANGLE("triangle", 3, 1),
    STAR("star", 10, 0.45);

    static final List<ShapeKind> ALL = List.of(values());

    private final String label;
    private final int corners;
    private final double innerRadius;

    ShapeKind(String label, int corners, double innerRadius) {
        this.label = label;
        this.corners = corners;
        this.innerRadius = innerRadius;
    }

    static List<String> labels() {
        return ALL.stream().map(kind -> kind.label).toList();
    }

    int classId() {
        return ALL.indexOf(this);
    }

    /** Area of the outline. */
    double unitArea() {
        return corners == 0 ? Math.PI : corners / 2.0 * innerRadius * Math.sin(2 * Math.PI / corners);
    }

    /**
     * The outline inside the unit circle around the origin. Every second corner is on the inner
     * radius.
     */
    Shape outline() {
        if (corners == 0) {
            return new Ellipse2D.Double(-1, -1, 2, 2);
        }
        Path2D path = new Path2D.Double();
        for (int corner = 0; corner < corners; corner++) {
            double radius = corner % 2 == 0 ? 1 : innerRadius;
            double angle = 2 * Math.PI * corner / corners - Math.PI / 2;
            double x = radius * Math.cos(angle);
            double y = radius * Math.sin(angle);
            if (corner == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        path.closePath();
        return path;
    }
}
