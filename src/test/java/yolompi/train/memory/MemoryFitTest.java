package yolompi.train.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import yolompi.train.memory.AutoBatch.MemoryFit;
import yolompi.train.memory.AutoBatch.MemoryFit.Point;

class MemoryFitTest {
    @Test
    void collinearPointsGiveTheirLine() {
        MemoryFit fit = MemoryFit.through(List.of(new Point(1, 130), new Point(2, 160), new Point(4, 220)), 1);
        assertThat(fit.fixedBytes()).isCloseTo(100, within(1e-9));
        assertThat(fit.imageBytes()).isCloseTo(30, within(1e-9));
        assertThat(fit.images(249)).isEqualTo(4);
        assertThat(fit.images(250.001)).isEqualTo(5);
        assertThat(fit.images(90)).isZero();
    }

    @Test
    void noPointLiesAboveTheLine() {
        List<Point> points = List.of(new Point(1, 150), new Point(2, 160), new Point(4, 200));
        MemoryFit fit = MemoryFit.through(points, 1);
        assertThat(points).allMatch(point -> point.bytes() <= fit.bytes(point.images()) + 1e-9);
    }

    @Test
    void constantMemoryGivesTheMinimumSlope() {
        assertThat(MemoryFit.through(List.of(new Point(1, 110)), 10)).isEqualTo(new MemoryFit(100, 10));
        assertThat(MemoryFit.through(List.of(new Point(1, 110), new Point(2, 110)), 10))
                .isEqualTo(new MemoryFit(100, 10));
    }
}
