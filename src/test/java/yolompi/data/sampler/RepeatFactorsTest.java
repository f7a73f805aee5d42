package yolompi.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

final class RepeatFactorsTest {
    private static final Box ANY = new Box(0, 0, 9, 9);

    /**
     * Class 0 is in eight images and class 1 in two, one of them with class 0. Class 2 has only
     * ignored boxes.
     */
    private static final List<List<LabeledBox>> IMAGES = List.of(
            boxes(0),
            boxes(0, 0, 0),
            boxes(0),
            boxes(0),
            boxes(0),
            boxes(0),
            boxes(0),
            boxes(0, 1),
            boxes(1, 1),
            List.of(),
            List.of(new LabeledBox(ANY, 2, true)),
            List.of(new LabeledBox(ANY, 1, true)));

    @Test
    void imageHasTheWeightOfItsRarestClass() {
        assertThat(weights(1)).containsExactly(1, 1, 1, 1, 1, 1, 1, 4, 4, 1, 1, 1);
        assertThat(weights(0.5)).containsExactly(1, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1);
        assertThat(weights(0)).containsOnly(1);
    }

    @Test
    void balanceReportsTheReadingsPerClass() {
        RepeatFactors balance = balance(1);
        assertThat(balance.imagesOf(0)).isEqualTo(8);
        assertThat(balance.imagesOf(1)).isEqualTo(2);
        assertThat(balance.imagesOf(2)).isZero();
        // Twelve readings are distributed over a total weight of 18.
        assertThat(balance.readingsOf(1)).isCloseTo(4 * 12 / 18.0, within(1e-12));
        assertThat(balance.readingsOf(0)).isCloseTo((7 + 4) / 8.0 * 12 / 18.0, within(1e-12));
        assertThat(balance.readingsOf(2)).isNaN();
    }

    @Test
    void fullBalanceReadsAllClassesEquallyOften() {
        int[] classes =
                IntStream.range(0, 100).map(i -> i < 60 ? 0 : i < 90 ? 1 : 2).toArray();
        RepeatFactors balance = RepeatFactors.of(image -> boxes(classes[image]), 100, 3, 1);
        for (int c = 0; c < 3; c++) {
            assertThat(balance.readingsOf(c) * balance.imagesOf(c)).isCloseTo(100 / 3.0, within(1e-9));
        }
    }

    private static double[] weights(double strength) {
        RepeatFactors balance = balance(strength);
        return IntStream.range(0, balance.images()).mapToDouble(balance::weight).toArray();
    }

    private static RepeatFactors balance(double strength) {
        return RepeatFactors.of(IMAGES::get, IMAGES.size(), 3, strength);
    }

    private static List<LabeledBox> boxes(int... classes) {
        return Arrays.stream(classes)
                .mapToObj(c -> new LabeledBox(ANY, c, false))
                .toList();
    }
}
