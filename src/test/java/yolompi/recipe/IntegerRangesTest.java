package yolompi.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class IntegerRangesTest {
    @Test
    void consecutiveNumbersBecomeRangesInAscendingOrder() {
        assertThat(IntegerRanges.describe(List.of(7, 0, 1, 2, 3))).isEqualTo("0-3, 7");
        assertThat(IntegerRanges.of(List.of(4, 6, 5, 9, 8))).containsExactly("4-6", "8-9");
    }

    @Test
    void noNumbersGiveNoText() {
        assertThat(IntegerRanges.describe(List.of())).isEmpty();
    }
}
