package yolompi.report.image;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a {@link Chart} as an image for papers and slides: dark on white, 2 pixels per point. */
public final class ChartImage {
    static {
        RgbImage.drawWithoutDisplay();
    }

    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int PIXELS = 2; // per point
    private static final int FAINT_ALPHA = 70;

    private static final Color INK = new Color(0x2b2f36);
    private static final Color GRID = new Color(0xe3e6ea);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);

    private ChartImage() {}

    /** Draws a chart, which must not be empty. */
    public static BufferedImage paint(Chart chart) {
        XYChart drawing = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(chart.title())
                .xAxisTitle(chart.xLabel())
                .build();
        style(drawing.getStyler(), chart);
        List<Color> colors = chart.lineColors();
        for (int i = 0; i < chart.lines().size(); i++) {
            // Lines may share a name (a class may be called "all classes"), XChart's series may
            // not.
            add(drawing, Integer.toString(i), chart.lines().get(i), colors.get(i));
        }
        BufferedImage picture = new BufferedImage(WIDTH * PIXELS, HEIGHT * PIXELS, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.scale(PIXELS, PIXELS);
            drawing.paint(graphics, WIDTH, HEIGHT);
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    private static void style(XYStyler style, Chart chart) {
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1));
        style.setAxisTicksLineVisible(false);
        style.setAxisTicksMarksVisible(false);
        style.setXAxisMaxLabelCount(7);
        style.setXAxisDecimalPattern("#.##");
        style.setChartFontColor(INK);
        style.setAxisTickLabelsColor(INK);
        style.setAxisTickLabelsFont(TEXT);
        style.setAxisTitleFont(TEXT);
        style.setLegendFont(TEXT);
        style.setChartTitleFont(TITLE);
        style.setLegendPosition(LegendPosition.OutsideS);
        style.setLegendLayout(LegendLayout.Horizontal);
        style.setLegendBorderColor(Color.WHITE);
        if (chart.scale() != Chart.Scale.FITTED) {
            style.setYAxisMin(0.0);
        }
        if (chart.scale() == Chart.Scale.UNIT) {
            style.setYAxisMax(1.0);
        }
    }

    private static void add(XYChart drawing, String id, Chart.Line line, Color color) {
        int[] numbers = IntStream.range(0, line.x().length)
                .filter(i -> Double.isFinite(line.y()[i]))
                .toArray();
        if (numbers.length == 0) {
            return;
        }
        double[] x = IntStream.of(numbers).mapToDouble(i -> line.x()[i]).toArray();
        double[] y = IntStream.of(numbers).mapToDouble(i -> line.y()[i]).toArray();
        XYSeries series = drawing.addSeries(id, x, y);
        series.setLabel(line.name());
        boolean faint = line.stroke() == Chart.Stroke.FAINT;
        series.setLineColor(faint ? new Color(color.getRed(), color.getGreen(), color.getBlue(), FAINT_ALPHA) : color);
        series.setLineWidth(faint ? 1 : 2);
        series.setMarkerColor(color);
        series.setMarker(line.stroke() == Chart.Stroke.DOTTED ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }
}
