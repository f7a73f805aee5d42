package yolompi.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import java.awt.Color;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import yolompi.report.image.Chart;

/**
 * Fills the templates of self-contained pages: styles, scripts and images are embedded. Text from
 * data is escaped, in HTML by Mustache and in scripts by {@link #json}. The content security policy
 * of the pages forbids them to load anything.
 */
final class PageFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private PageFiles() {}

    /** The styles, scripts and data that every page with charts embeds. */
    record Frame(String style, String uPlotStyle, String uPlot, String script, String chartsJson) {
        static Frame of(List<Chart> charts) {
            return new Frame(
                    resource("page.css"),
                    resource(UPLOT + "uPlot.min.css"),
                    resource(UPLOT + "uPlot.iife.min.js"),
                    resource("charts.js"),
                    json(charts.stream().map(ChartData::of).toList()));
        }
    }

    private record ChartData(String id, String xLabel, Chart.Scale scale, List<LineData> lines) {
        static ChartData of(Chart chart) {
            List<Color> colors = chart.lineColors();
            List<LineData> lines = IntStream.range(0, chart.lines().size())
                    .mapToObj(i -> LineData.of(chart.lines().get(i), css(colors.get(i))))
                    .toList();
            return new ChartData(chart.id(), chart.xLabel(), chart.scale(), lines);
        }
    }

    /** JSON has no NaN: such values are null, which is not drawn. */
    private record LineData(String name, Chart.Stroke stroke, String color, double[] x, Double[] y) {
        static LineData of(Chart.Line line, String color) {
            Double[] values = Arrays.stream(line.y())
                    .mapToObj(value -> Double.isFinite(value) ? value : null)
                    .toArray(Double[]::new);
            return new LineData(line.name(), line.stroke(), color, line.x(), values);
        }
    }

    /**
     * Fills a template of this package.
     *
     * @param content record with the members that the template names; others come from
     *     {@code frame}
     */
    static String fill(String template, Object content, Frame frame) {
        StringWriter page = new StringWriter();
        Mustache.compiler().compile(resource(template)).execute(content, frame, page);
        return page.toString();
    }

    /** The color in CSS: {@code #0072b2}. */
    private static String css(Color color) {
        return "#%06x".formatted(color.getRGB() & 0xffffff);
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value)
                    .replace("<", "\\u003c"); // otherwise "</script>" in a name would end the script
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the program's jar files");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
