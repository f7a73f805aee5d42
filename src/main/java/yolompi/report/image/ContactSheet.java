package yolompi.report.image;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A grid of images with captions, above a legend of the classes in the colors of
 * {@link BoxPainter}.
 */
public final class ContactSheet {
    static {
        RgbImage.drawWithoutDisplay();
    }

    private static final int GAP = 12;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    private static final int SWATCH = 12;
    private static final int LINE = 22;
    private static final Color GROUND = new Color(0x1e1e22);
    private static final Color INK = new Color(0xe8e8ea);

    private final List<Tile> tiles;
    private final List<String> legend;
    private final int columns;
    private final int edge;

    /**
     * One image of the sheet.
     *
     * @param picture square; all images of a sheet have the same size
     * @param caption a few words; truncated to the width of the image
     */
    public record Tile(BufferedImage picture, String caption) {}

    private ContactSheet(List<Tile> tiles, List<String> legend, int columns) {
        this.tiles = tiles;
        this.legend = legend;
        this.columns = columns;
        this.edge = tiles.get(0).picture().getWidth();
    }

    /**
     * Draws a sheet with about as many rows as columns.
     *
     * @param tiles at least one
     * @param legend a text for each class id
     */
    public static BufferedImage of(List<Tile> tiles, List<String> legend) {
        int columns = (int) Math.ceil(Math.sqrt(tiles.size()));
        return new ContactSheet(tiles, legend, columns).draw();
    }

    private BufferedImage draw() {
        int rows = (tiles.size() + columns - 1) / columns;
        int width = columns * (edge + GAP) + GAP;
        int legendTop = rows * (edge + LINE + GAP) + GAP;
        List<Entry> entries = entries(width);
        int height = legendTop
                + (entries.isEmpty() ? 0 : entries.get(entries.size() - 1).line() + 1) * LINE
                + GAP;
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(GROUND);
        graphics.fillRect(0, 0, width, height);
        graphics.setFont(FONT);
        for (int i = 0; i < tiles.size(); i++) {
            tile(graphics, tiles.get(i), GAP + i % columns * (edge + GAP), GAP + i / columns * (edge + LINE + GAP));
        }
        entries.forEach(entry -> draw(graphics, entry, legendTop));
        graphics.dispose();
        return sheet;
    }

    /** The position of a class's swatch and name in the legend. */
    private record Entry(int classId, int left, int line) {}

    /** Breaks the legend into lines. */
    private List<Entry> entries(int width) {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        FontMetrics metrics = graphics.getFontMetrics(FONT);
        List<Entry> entries = new ArrayList<>();
        int left = GAP;
        int line = 0;
        for (int classId = 0; classId < legend.size(); classId++) {
            int wide = SWATCH + 6 + metrics.stringWidth(legend.get(classId)) + 2 * GAP;
            if (left > GAP && left + wide > width) {
                left = GAP;
                line++;
            }
            entries.add(new Entry(classId, left, line));
            left += wide;
        }
        graphics.dispose();
        return entries;
    }

    private void draw(Graphics2D graphics, Entry entry, int legendTop) {
        int base = legendTop + entry.line() * LINE + LINE - 8;
        graphics.setColor(BoxPainter.colorOf(entry.classId()));
        graphics.fillRect(entry.left(), base - SWATCH + 2, SWATCH, SWATCH);
        graphics.setColor(INK);
        graphics.drawString(legend.get(entry.classId()), entry.left() + SWATCH + 6, base);
    }

    private void tile(Graphics2D graphics, Tile tile, int left, int top) {
        graphics.drawImage(tile.picture(), left, top, null);
        graphics.setColor(INK);
        graphics.drawString(shortened(tile.caption(), graphics.getFontMetrics()), left, top + edge + LINE - 6);
    }

    private String shortened(String text, FontMetrics metrics) {
        String shown = text;
        while (metrics.stringWidth(shown) > edge && shown.length() > 2) {
            shown = shown.substring(0, shown.length() - 2) + "…";
        }
        return shown;
    }
}
