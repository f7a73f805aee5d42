package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;

class NmsConfigTest {
    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void valuesOutsideZeroToOneAreRefused(double value) {
        assertThatThrownBy(() -> NmsConfig.greedy(value, 0.5, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("--confidence " + value + ": expected 0 to 1");
        assertThatThrownBy(() -> NmsConfig.greedy(0.5, value, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("--nms-iou " + value + ": expected 0 to 1");
    }
}
