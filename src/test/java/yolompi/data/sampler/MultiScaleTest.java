package yolompi.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import yolompi.recipe.Recipes;

final class MultiScaleTest {
    private static final MultiScale SIZES = new MultiScale(List.of(320, 352, 384), 10, 7);

    @Test
    void inputSizeStaysForItsIntervalOfSteps() {
        for (long step = 0; step < 1000; step++) {
            assertThat(SIZES.at(step)).isEqualTo(SIZES.at(step / 10 * 10));
        }
    }

    @Test
    void inputSizesAreUniformlyDistributed() {
        int[] count = new int[3];
        for (long step = 0; step < 30_000; step += 10) {
            count[SIZES.edges().indexOf(SIZES.at(step))]++;
        }
        assertThat(count[0]).isBetween(900, 1100);
        assertThat(count[1]).isBetween(900, 1100);
    }

    @Test
    void otherSeedGivesOtherSizes() {
        MultiScale other = new MultiScale(SIZES.edges(), 10, 8);
        Set<Boolean> same = new HashSet<>();
        for (long step = 0; step < 200; step += 10) {
            same.add(other.at(step) == SIZES.at(step));
        }
        assertThat(same).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void recipeWithoutMultiScaleHasOneSize() {
        MultiScale one = MultiScale.of(Recipes.with("data.size=224").data(), 1);
        MultiScale several = MultiScale.of(Recipes.with("data.sizes=[64, 96]").data(), 1);

        assertThat(one.at(0)).isEqualTo(224);
        assertThat(one.at(12_345)).isEqualTo(224);
        assertThat(several.largest()).isEqualTo(96);
    }
}
