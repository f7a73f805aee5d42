package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares {@link MergingNms.Strips} with a search through all boxes. */
class StripsTest {
    private final Random random = new Random(5);

    private Boxes boxes(int count, float most) {
        Boxes boxes = new Boxes();
        for (int i = 0; i < count; i++) {
            float left = random.nextFloat(640) - 20;
            float top = random.nextFloat(640) - 20;
            boxes.add(new float[] {left, top, left + random.nextFloat(most), top + random.nextFloat(most)}, 0);
        }
        return boxes;
    }

    @ParameterizedTest
    @ValueSource(floats = {10, 60, 700})
    void stripsFindTheSameFirstBoxAsAFullSearch(float most) {
        Boxes all = boxes(1000, most);
        if (most == 700) {
            // An infinite box, as an untrained network may predict: all boxes share a column.
            all.add(new float[] {100, 100, Float.POSITIVE_INFINITY, 120}, 0);
        }
        all.add(new float[] {50, 50, 50, 50}, 0);
        MergingNms.Strips strips = MergingNms.Strips.over(all).empty();
        Boxes kept = new Boxes();
        int hits = 0;
        for (int i = 0; i < all.count(); i++) {
            for (float limit : new float[] {0.02f, 0.5f}) {
                int expected = kept.firstOver(limit, 0, all, i);
                assertThat(strips.firstOver(limit, kept, all, i)).isEqualTo(expected);
                hits += expected < kept.count() ? 1 : 0;
            }
            if (i % 3 == 0) {
                kept.add(all, i);
                strips.add(kept, kept.count() - 1);
            }
        }
        assertThat(kept.count()).isGreaterThan(5 * Long.SIZE);
        assertThat(hits).isGreaterThan(10);
    }
}
