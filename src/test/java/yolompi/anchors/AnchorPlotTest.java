package yolompi.anchors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import yolompi.anchors.AnchorPlot.LogAxis;

final class AnchorPlotTest {
    private static final int PRESENT = 0xffe07a00;
    private static final int FITTED = 0xffd01c4e;

    @Test
    void anchorsAndBoxesAreDrawnAtTheirWidthAndHeight() {
        float[] edges = {20, 20, 20, 40, 160};
        BufferedImage picture = AnchorPlot.paint(
                edges,
                edges,
                new AnchorPlot.Anchors(new float[] {10, 320}, "present"),
                new AnchorPlot.Anchors(new float[] {320, 10}, "fitted"));
        LogAxis across = LogAxis.over(80, 920, edges, new float[] {10, 320});
        LogAxis upwards = LogAxis.over(885, 120, edges, new float[] {10, 320});
        assertThat(at(picture, across, upwards, 10, 320)).isEqualTo(PRESENT);
        assertThat(at(picture, across, upwards, 320, 10)).isEqualTo(FITTED);
        int many = at(picture, across, upwards, 20, 20);
        int few = at(picture, across, upwards, 160, 160);
        assertThat(many & 0xff).isLessThan(few & 0xff);
        assertThat(few).isNotEqualTo(0xffffffff);
    }

    @Test
    void boxesOfOneSizeCanBeDrawn() {
        float[] one = {33};
        AnchorPlot.Anchors same = new AnchorPlot.Anchors(new float[] {33, 33}, "all the same");
        BufferedImage picture = AnchorPlot.paint(one, one, same, same);
        assertThat(picture.getRGB(500, 502)).isEqualTo(FITTED);
    }

    @Test
    void axesAreLogarithmic() {
        LogAxis axis = new LogAxis(0, 300, 1, 1000);
        assertThat(axis.at(10)).isCloseTo(100, within(1e-9));
        assertThat(axis.at(1000)).isCloseTo(300, within(1e-9));
        assertThat(axis.shows(1000)).isTrue();
        assertThat(axis.shows(1001)).isFalse();
        assertThat(axis.shows(0.9)).isFalse();
    }

    private static int at(BufferedImage picture, LogAxis across, LogAxis upwards, float width, float height) {
        return picture.getRGB((int) Math.round(across.at(width)), (int) Math.round(upwards.at(height)));
    }
}
