package yolompi.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatienceTest {
    @Test
    void farewellIsThatOfOpenMpi() {
        assertThat(Patience.farewellSeconds(Optional.of("30"))).isEqualTo(30);
        assertThat(new Patience(20, 300, 30).lastWordsSeconds()).isEqualTo(21);
        assertThat(new Patience(20, 300, 30).allToldSeconds()).isEqualTo(12);
    }

    @Test
    void farewellIsAtLeastOneSecond() {
        assertThat(Patience.farewellSeconds(Optional.empty())).isEqualTo(1);
        assertThat(Patience.farewellSeconds(Optional.of("0"))).isEqualTo(1);
        assertThat(Patience.farewellSeconds(Optional.of("soon"))).isEqualTo(1);
    }
}
