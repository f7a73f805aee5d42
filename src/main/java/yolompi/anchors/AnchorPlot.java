package yolompi.anchors;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import yolompi.geometry.Box;
import yolompi.report.image.LabelPlaces;
import yolompi.report.image.RgbImage;

/**
 * Draws the widths and heights of boxes as a density plot on logarithmic axes, and two sets of
 * anchors: the present ones as squares, the fitted ones as circles.
 */
public final class AnchorPlot {
    static {
        RgbImage.drawWithoutDisplay();
    }

    private static final int EDGE = 960;
    private static final Rectangle PLOT = new Rectangle(80, 120, 840, 765);
    private static final int CELL = 4; // pixels
    private static final int MARK = 13;
    private static final int[] TICKS = {
        1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 4000
    };

    private static final Color GRID = new Color(0xe3e6ea);
    private static final Color TEXT = new Color(0x2b2f36);
    private static final Color FEW = new Color(0xc2d3e6);
    private static final Color MANY = new Color(0x12355f);
    private static final Color PRESENT = new Color(0xe07a00);
    private static final Color FOUND = new Color(0xd01c4e);

    private final Graphics2D graphics;
    private final LogAxis across;
    private final LogAxis upwards;
    private final LabelPlaces places = new LabelPlaces(EDGE, PLOT.y + PLOT.height);

    /**
     * A set of anchors.
     *
     * @param sizes {@code [A,2]}: width, height, input pixels
     * @param caption name of the set and how well it fits
     */
    public record Anchors(float[] sizes, String caption) {}

    /**
     * A logarithmic axis.
     *
     * @param from position of {@code least}, pixels of the image
     * @param to position of {@code most}, pixels; may be less than {@code from}
     */
    record LogAxis(double from, double to, double least, double most) {
        private static final double MARGIN = 1.12;

        /** An axis that covers all values of both arrays, all above 0, with a margin. */
        static LogAxis over(double from, double to, float[] values, float[] others) {
            double least = Double.MAX_VALUE;
            double most = 0;
            for (float[] all : new float[][] {values, others}) {
                for (float value : all) {
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
            return new LogAxis(from, to, least / MARGIN, most * MARGIN);
        }

        boolean shows(double value) {
            return value >= least && value <= most;
        }

        /** Position of a value, pixels of the image. */
        double at(double value) {
            return from + (to - from) * Math.log(value / least) / Math.log(most / least);
        }
    }

    private AnchorPlot(Graphics2D graphics, LogAxis across, LogAxis upwards) {
        this.graphics = graphics;
        this.across = across;
        this.upwards = upwards;
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    }

    /**
     * Draws boxes and anchors.
     *
     * @param widths of the boxes, {@code [M]}, input pixels
     * @param heights of the boxes, {@code [M]}, input pixels
     * @param found the fitted anchors
     */
    public static BufferedImage paint(float[] widths, float[] heights, Anchors present, Anchors found) {
        BufferedImage picture = new BufferedImage(EDGE, EDGE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            LogAxis across = LogAxis.over(PLOT.x, PLOT.x + PLOT.width, widths, edges(present, found, 0));
            LogAxis upwards = LogAxis.over(PLOT.y + PLOT.height, PLOT.y, heights, edges(present, found, 1));
            new AnchorPlot(graphics, across, upwards).paintAll(widths, heights, present, found);
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    private static float[] edges(Anchors present, Anchors found, int which) {
        int ownCount = present.sizes().length / 2;
        float[] edges = new float[ownCount + found.sizes().length / 2];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = i < ownCount ? present.sizes()[2 * i + which] : found.sizes()[2 * (i - ownCount) + which];
        }
        return edges;
    }

    private void paintAll(float[] widths, float[] heights, Anchors present, Anchors found) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, EDGE, EDGE);
        paintGrid();
        paintBoxes(widths, heights);
        legend(36, PRESENT, false, present.caption());
        legend(64, FOUND, true, found.caption());
        legend(92, MANY, false, String.format(Locale.ROOT, "%,d boxes (darker: more boxes)", widths.length));
        keepClear(present);
        keepClear(found);
        label(found, FOUND);
        label(present, PRESENT);
        mark(present, PRESENT, false);
        mark(found, FOUND, true);
    }

    private void paintGrid() {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        FontMetrics metrics = graphics.getFontMetrics();
        for (int tick : TICKS) {
            String text = String.valueOf(tick);
            if (across.shows(tick)) {
                int x = (int) Math.round(across.at(tick));
                graphics.setColor(GRID);
                graphics.drawLine(x, PLOT.y, x, PLOT.y + PLOT.height);
                graphics.setColor(TEXT);
                graphics.drawString(text, x - metrics.stringWidth(text) / 2, PLOT.y + PLOT.height + 20);
            }
            if (upwards.shows(tick)) {
                int y = (int) Math.round(upwards.at(tick));
                graphics.setColor(GRID);
                graphics.drawLine(PLOT.x, y, PLOT.x + PLOT.width, y);
                graphics.setColor(TEXT);
                graphics.drawString(text, PLOT.x - 8 - metrics.stringWidth(text), y + 5);
            }
        }
        String width = "width (input pixels)";
        graphics.drawString(width, PLOT.x + (PLOT.width - metrics.stringWidth(width)) / 2, EDGE - 28);
        String height = "height (input pixels)";
        graphics.rotate(-Math.PI / 2);
        graphics.drawString(height, -PLOT.y - (PLOT.height + metrics.stringWidth(height)) / 2, 24);
        graphics.rotate(Math.PI / 2);
    }

    private void paintBoxes(float[] widths, float[] heights) {
        int[][] counts = new int[EDGE / CELL + 1][EDGE / CELL + 1];
        int most = 1;
        for (int box = 0; box < widths.length; box++) {
            int column = (int) (across.at(widths[box]) / CELL);
            int row = (int) (upwards.at(heights[box]) / CELL);
            most = Math.max(most, ++counts[row][column]);
        }
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts[row].length; column++) {
                if (counts[row][column] > 0) {
                    graphics.setColor(between(Math.log(counts[row][column]) / Math.max(Math.log(most), 1e-9)));
                    graphics.fillRect(column * CELL, row * CELL, CELL, CELL);
                }
            }
        }
    }

    private static Color between(double part) {
        return new Color(
                mixed(FEW.getRed(), MANY.getRed(), part),
                mixed(FEW.getGreen(), MANY.getGreen(), part),
                mixed(FEW.getBlue(), MANY.getBlue(), part));
    }

    private static int mixed(int from, int to, double part) {
        return (int) Math.round(from + (to - from) * part);
    }

    private void legend(int y, Color color, boolean round, String text) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
        paintMark(PLOT.x + 8, y - 6, color, round);
        graphics.setColor(TEXT);
        graphics.drawString(text, PLOT.x + 26, y);
    }

    private void mark(Anchors anchors, Color color, boolean round) {
        for (int i = 0; i < anchors.sizes().length; i += 2) {
            paintMark(across.at(anchors.sizes()[i]), upwards.at(anchors.sizes()[i + 1]), color, round);
        }
    }

    private void keepClear(Anchors anchors) {
        for (int i = 0; i < anchors.sizes().length; i += 2) {
            places.keepClear(around(anchors, i));
        }
    }

    private void paintMark(double x, double y, Color color, boolean round) {
        Shape shape = round
                ? new Ellipse2D.Double(x - MARK / 2.0, y - MARK / 2.0, MARK, MARK)
                : new Rectangle2D.Double(x - MARK / 2.0, y - MARK / 2.0, MARK, MARK);
        graphics.setColor(color);
        graphics.fill(shape);
        graphics.setColor(Color.WHITE);
        graphics.setStroke(new BasicStroke(1.6f));
        graphics.draw(shape);
    }

    private void label(Anchors anchors, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
        FontMetrics metrics = graphics.getFontMetrics();
        for (int i = 0; i < anchors.sizes().length; i += 2) {
            String text = text(anchors.sizes()[i]) + "×" + text(anchors.sizes()[i + 1]);
            Rectangle place = places.place(
                    box(around(anchors, i)), new Dimension(metrics.stringWidth(text) + 6, metrics.getHeight()));
            graphics.setColor(new Color(255, 255, 255, 215));
            graphics.fill(place);
            graphics.setColor(color);
            graphics.drawString(text, place.x + 3, place.y + metrics.getAscent());
        }
    }

    private Rectangle around(Anchors anchors, int i) {
        int x = (int) Math.round(across.at(anchors.sizes()[i]));
        int y = (int) Math.round(upwards.at(anchors.sizes()[i + 1]));
        return new Rectangle(x - MARK / 2 - 1, y - MARK / 2 - 1, MARK + 2, MARK + 2);
    }

    private static Box box(Rectangle area) {
        return new Box(area.x, area.y, area.x + area.width, area.y + area.height);
    }

    private static String text(float edge) {
        return edge == Math.rint(edge) ? String.valueOf((int) edge) : String.valueOf(edge);
    }
}
