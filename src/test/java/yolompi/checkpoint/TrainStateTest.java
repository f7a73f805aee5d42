package yolompi.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import yolompi.InputException;

final class TrainStateTest {
    @Test
    void stateIsReadBackFromMetadata() {
        TrainState.LossSums none = TrainState.LossSums.NONE;
        TrainState.RunTotals tally = new TrainState.RunTotals(
                1e6 / 3, 4, none.plus(0.1, 1e-300, Double.MAX_VALUE, -0.0), none.plus(3, 2, 1, 0));
        TrainState state = new TrainState(
                1L << 40,
                7,
                6,
                1L << 50,
                1L << 39,
                0.1 + 0.2,
                5,
                6,
                tally,
                new TrainState.TimeCosts(Duration.ofMillis(1234), Duration.ofMinutes(61)));

        assertThat(TrainState.fromMetadata("a", state.toMetadata())).isEqualTo(state);
        assertThat(TrainState.fromMetadata("a", TrainState.START.toMetadata())).isEqualTo(TrainState.START);
        assertThatThrownBy(() -> TrainState.fromMetadata("a", Map.of("step", "x")))
                .isInstanceOf(InputException.class)
                .hasMessage("a: metadata step = \"x\": expected a number");
        assertThatThrownBy(() -> TrainState.fromMetadata("a", Map.of("step", "1")))
                .isInstanceOf(InputException.class)
                .hasMessage("a: training cannot resume from this file: its metadata has no epoch");
    }
}
