package yolompi.report.image;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import yolompi.geometry.Box;

/**
 * Draws boxes on an image, one color for each class. Predictions are solid, with class name and
 * score. Ground truth is dashed in white and the class's color. A dark edge keeps lines visible on
 * light and dark backgrounds. Line width and font size scale with the image.
 */
public final class BoxPainter {
    static {
        RgbImage.drawWithoutDisplay();
    }

    /** A color for each class. Consecutive ids have distinct colors. */
    private static final int[] PALETTE = {
        0xff4b4b, 0x2f9bff, 0x35c759, 0xffcc00, 0xbf5af2, 0xff9500, 0x00c7be, 0xff5fa2, 0x9ccc2f, 0x5e6bff,
        0xc98a4b, 0x00e5ff, 0xd81b60, 0x7cffb2, 0x8d99ae, 0xe6ff5c, 0x8e44ad, 0xffb3a7, 0x1f7a4d, 0xa7c7ff,
    };

    private static final Color EDGE = new Color(0, 0, 0, 130);

    /** Smaller text is unreadable. */
    private static final int MIN_FONT = 6;

    private final Graphics2D graphics;
    private final BufferedImage picture;
    private final float lineWidth;

    private BoxPainter(BufferedImage picture, Graphics2D graphics) {
        int longEdge = Math.max(picture.getWidth(), picture.getHeight());
        this.picture = picture;
        this.graphics = graphics;
        this.lineWidth = Math.min(Math.max(longEdge / 320f, 1.5f), 5);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, fontSize(picture)));
    }

    /** Small for small images, so that a label does not hide its object. */
    private static int fontSize(BufferedImage picture) {
        int usual = Math.min(Math.max(Math.max(picture.getWidth(), picture.getHeight()) / 52, 10), 30);
        int shortEdge = Math.min(picture.getWidth(), picture.getHeight());
        return Math.max(MIN_FONT, Math.min(usual, shortEdge / 12));
    }

    /**
     * Returns a copy of {@code image} with the boxes drawn on it. Predictions with higher scores
     * are drawn over those with lower scores, and ground truth over predictions.
     */
    public static BufferedImage paint(BufferedImage image, List<DrawnBox> boxes) {
        BufferedImage picture = RgbImage.copy(image);
        Graphics2D graphics = picture.createGraphics();
        try {
            new BoxPainter(picture, graphics).paint(boxes);
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    /** The color of a class, the same in every image. */
    static Color colorOf(int classId) {
        return new Color(PALETTE[Math.floorMod(classId, PALETTE.length)]);
    }

    /** Black or white, whichever has more contrast with {@code background}. */
    static Color textOn(Color background) {
        double brightness = 0.299 * background.getRed() + 0.587 * background.getGreen() + 0.114 * background.getBlue();
        return brightness > 130 ? Color.BLACK : Color.WHITE;
    }

    private void paint(List<DrawnBox> boxes) {
        List<DrawnBox> worstFirst = boxes.stream()
                .filter(box -> !box.isGroundTruth())
                .sorted(Comparator.comparingDouble(box -> box.score().getAsDouble()))
                .toList();
        worstFirst.forEach(this::outlinePredicted);
        boxes.stream().filter(DrawnBox::isGroundTruth).forEach(this::outlineTrue);
        LabelPlaces places = new LabelPlaces(picture.getWidth(), picture.getHeight());
        for (int best = worstFirst.size() - 1; best >= 0; best--) {
            label(worstFirst.get(best), places);
        }
    }

    /** White between the dashes distinguishes ground truth from a prediction under it. */
    private void outlineTrue(DrawnBox box) {
        Rectangle2D frame = frame(box.box());
        draw(frame, EDGE, solid(lineWidth + 1.5f));
        draw(frame, Color.WHITE, solid(lineWidth));
        draw(frame, colorOf(box.classId()), dashed(lineWidth));
    }

    private void outlinePredicted(DrawnBox box) {
        Rectangle2D frame = frame(box.box());
        draw(frame, EDGE, solid(lineWidth + 1.5f));
        draw(frame, colorOf(box.classId()), solid(lineWidth));
    }

    private void draw(Rectangle2D frame, Color color, BasicStroke stroke) {
        graphics.setColor(color);
        graphics.setStroke(stroke);
        graphics.draw(frame);
    }

    private Rectangle2D frame(Box box) {
        Box seen = box.clip(picture.getWidth(), picture.getHeight());
        return new Rectangle2D.Float(seen.x1(), seen.y1(), seen.width(), seen.height());
    }

    private void label(DrawnBox predicted, LabelPlaces places) {
        String text = String.format(
                Locale.ROOT, "%s %.2f", predicted.name(), predicted.score().getAsDouble());
        FontMetrics metrics = graphics.getFontMetrics();
        int margin = Math.max(2, Math.round(lineWidth));
        Dimension size = new Dimension(metrics.stringWidth(text) + 2 * margin, metrics.getHeight());
        Box seen = predicted.box().clip(picture.getWidth(), picture.getHeight());
        Rectangle place = places.place(seen, size);
        Color color = colorOf(predicted.classId());
        graphics.setColor(color);
        graphics.fill(place);
        graphics.setColor(textOn(color));
        graphics.drawString(text, place.x + margin, place.y + metrics.getAscent());
    }

    private static BasicStroke solid(float width) {
        return new BasicStroke(width, BasicStroke.CAP_SQUARE, BasicStroke.JOIN_MITER);
    }

    private static BasicStroke dashed(float width) {
        return new BasicStroke(
                width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4 * width, 3 * width}, 0);
    }
}
