package yolompi.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import yolompi.report.image.Chart;
import yolompi.report.image.ChartImage;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RunHistory;

class RunChartsTest {
    private static final double STEPS_PER_EPOCH = 12.5;

    private static RunCharts of(double... losses) {
        List<MetricsRow> rows = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            rows.add(MetricsRow.ofStep(1, 10L * (i + 1)).with(Metric.LOSS, losses[i]));
        }
        return new RunCharts(new RunHistory(rows, List.of()), List.of(), STEPS_PER_EPOCH);
    }

    @Test
    void stepsArePlacedBetweenEpochs() {
        Chart.Line raw = of(3, 2).loss().lines().get(1);

        assertThat(raw.x()).containsExactly(0.8, 1.6);
        assertThat(raw.y()).containsExactly(3, 2);
    }

    @Test
    void smoothingKeepsAConstantAndHalvesPastValues() {
        double[] level = new double[100];
        Arrays.fill(level, 0.7);
        assertThat(of(level).loss().lines().get(0).y()).containsExactly(level, within(1e-12));

        double[] fallen = new double[1000];
        Arrays.fill(fallen, 0, 500, 1);
        double[] smooth = of(fallen).loss().lines().get(0).y();
        assertThat(smooth[529]).isCloseTo(0.5, within(1e-4)); // 30 steps later: 3 % of the line
    }

    @Test
    void smoothingSkipsALossOfNaN() {
        Chart.Line smooth = of(2, Double.NaN, 2).loss().lines().get(0);

        assertThat(smooth.y()).containsExactly(new double[] {2, 2, 2}, within(1e-12));
    }

    @Test
    void chartsWithoutValuesAreOmitted() {
        assertThat(of(1, 2).all()).extracting(Chart::id).containsExactly("loss");
    }

    @Test
    void imageShowsALineInItsColor() {
        BufferedImage picture = ChartImage.paint(of(3, 2, 1).loss());

        int color = of(3, 2, 1).loss().lineColors().get(0).getRGB();
        assertThat(picture.getWidth()).isEqualTo(1280);
        assertThat(pixels(picture, color)).isGreaterThan(500);
    }

    @Test
    void lineOfOnePointHasAMarker() {
        assertThat(of(3, 2).loss().lines().get(0).stroke()).isEqualTo(Chart.Stroke.PLAIN);

        Chart chart = of(Double.NaN, 3).loss();

        assertThat(chart.lines().get(0).stroke()).isEqualTo(Chart.Stroke.DOTTED);
        int color = chart.lineColors().get(0).getRGB();
        assertThat(pixels(ChartImage.paint(chart), color)).isGreaterThan(100);
    }

    @Test
    void longLinesAreThinnedAndKeepTheirEnds() {
        double[] x = IntStream.range(0, 50_001).asDoubleStream().toArray();
        Chart chart =
                new Chart("a", "A", "x", Chart.Scale.UNIT, List.of(new Chart.Line("l", Chart.Stroke.PLAIN, x, x)));

        double[] kept = chart.lines().get(0).x();
        assertThat(kept).hasSize(2000).isSorted().startsWith(0, 25).endsWith(50_000);
        assertThat(chart.lines().get(0).y()).isEqualTo(kept);
    }

    @Test
    void linesCanShareAName() {
        double[] x = {0, 1};
        Chart.Line all = new Chart.Line("all", Chart.Stroke.PLAIN, x, new double[] {0, 1});
        Chart.Line oneClass = new Chart.Line("all", Chart.Stroke.PLAIN, x, new double[] {1, 0});
        Chart chart = new Chart("f1", "F1", "confidence", Chart.Scale.UNIT, List.of(all, oneClass));

        BufferedImage picture = ChartImage.paint(chart);

        for (Color color : chart.lineColors()) {
            assertThat(pixels(picture, color.getRGB())).isGreaterThan(500);
        }
    }

    private static long pixels(BufferedImage picture, int rgb) {
        return Arrays.stream(picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth()))
                .filter(pixel -> pixel == rgb)
                .count();
    }
}
