package yolompi.distributed.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class StallTimeoutsTest {
    @Test
    void killDelayIsThatOfOpenMpi() {
        assertThat(StallTimeouts.killDelaySeconds(Optional.of("5"))).isEqualTo(5);
        assertThat(new StallTimeouts(20, 300, 30).lastWordsSeconds()).isEqualTo(21);
        assertThat(new StallTimeouts(20, 300, 30).allToldSeconds()).isEqualTo(12);
    }

    @Test
    void killDelayIsAtMostTenSeconds() {
        assertThat(StallTimeouts.killDelaySeconds(Optional.of("60"))).isEqualTo(10);
    }

    @Test
    void killDelayIsAtLeastOneSecond() {
        assertThat(StallTimeouts.killDelaySeconds(Optional.empty())).isEqualTo(1);
        assertThat(StallTimeouts.killDelaySeconds(Optional.of("0"))).isEqualTo(1);
        assertThat(StallTimeouts.killDelaySeconds(Optional.of("soon"))).isEqualTo(1);
    }
}
