package yolompi.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;

final class AffineTest {
    private static final Offset<Float> ROUNDING = within(1e-4f);

    @Test
    void quarterTurnClockwiseMovesTopLeftToTopRight() {
        Affine turn = Affine.rotate(Math.PI / 2).about(50, 50);

        assertBox(turn.apply(new Box(0, 0, 20, 10)), 90, 0, 100, 20);
    }

    @Test
    void boxOfARotatedBoxContainsAllItsCorners() {
        Affine turn = Affine.rotate(Math.PI / 4);

        double half = Math.sqrt(0.5);
        assertBox(turn.apply(new Box(0, 0, 1, 1)), -half, 0, half, 2 * half);
    }

    @Test
    void shearSlantsColumnsByTheFirstAngleAndRowsByTheSecond() {
        assertBox(Affine.shear(Math.atan(0.5), 0).apply(new Box(0, 0, 10, 20)), 0, 0, 20, 20);
        assertBox(Affine.shear(0, Math.atan(0.5)).apply(new Box(0, 0, 10, 20)), 0, 0, 10, 25);
        assertBox(Affine.shear(Math.atan(-0.5), 0).apply(new Box(0, 0, 10, 20)), -10, 0, 10, 20);
    }

    @Test
    void mapsAreAppliedInReadingOrder() {
        Affine map = Affine.scale(2, 3).then(Affine.move(1, -1)).then(Affine.scale(-1, 1));

        assertBox(map.apply(new Box(1, 1, 2, 2)), -5, 2, -3, 5);
    }

    @Test
    void magnificationIsTheLargerScaleAndOneForARotation() {
        assertThat(Affine.rotate(0.7).magnification()).isCloseTo(1, within(1e-12));
        assertThat(Affine.scale(0.5, 2).then(Affine.rotate(0.3)).magnification())
                .isCloseTo(2, within(1e-12));
    }

    private static void assertBox(Box box, double x1, double y1, double x2, double y2) {
        assertThat(box.x1()).isCloseTo((float) x1, ROUNDING);
        assertThat(box.y1()).isCloseTo((float) y1, ROUNDING);
        assertThat(box.x2()).isCloseTo((float) x2, ROUNDING);
        assertThat(box.y2()).isCloseTo((float) y2, ROUNDING);
    }
}
