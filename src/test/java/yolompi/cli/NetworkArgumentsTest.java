package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkArgumentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"2024", "true", "'quoted'", "[net]", "it's \\ a.cfg"})
    void cfgFileMayHaveAnyName(String cfg) {
        assertThat(NetworkArguments.recipe(cfg, 416).model().cfg()).isEqualTo(cfg);
    }
}
