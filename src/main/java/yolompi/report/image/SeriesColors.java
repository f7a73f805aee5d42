package yolompi.report.image;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * Colors of the lines in charts. They differ on light and dark backgrounds and for most color-blind
 * people (Okabe and Ito, 2008, a little darker).
 */
public final class SeriesColors {
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

    private SeriesColors() {}

    /** A color for each line. A faint line of raw values has the color of the line before it. */
    public static List<Color> of(Chart chart) {
        List<Color> colors = new ArrayList<>();
        int next = 0;
        for (Chart.Line line : chart.lines()) {
            boolean follows = line.stroke() == Chart.Stroke.FAINT && next > 0;
            colors.add(new Color(RGB[(follows ? next - 1 : next++) % RGB.length]));
        }
        return colors;
    }

    /** The color in CSS: {@code #0072b2}. */
    public static String hex(Color color) {
        return "#%06x".formatted(color.getRGB() & 0xffffff);
    }
}
