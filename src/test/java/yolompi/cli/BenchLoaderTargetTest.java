package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.data.ImageEncoding;

class BenchLoaderTargetTest {
    private final BenchLoaderCommand.Target target = new BenchLoaderCommand.Target(900);

    @Test
    void reachedTargetIsReported() {
        assertThat(target.isMissedBy(900)).isFalse();
        assertThat(target.verdict("full order, warm", 1800, 8, 16, ImageEncoding.JPEG))
                .isEqualTo(
                        "target of 900 images/s, full order, warm: 200 % reached with 8 loader threads, 225.0 images/s"
                                + " each");
    }

    @Test
    void missedTargetSuggestsMoreThreadsForFreeCores() {
        assertThat(target.isMissedBy(899)).isTrue();
        assertThat(target.verdict("full order, warm", 640, 8, 16, ImageEncoding.JPEG))
                .contains("71 % reached", "12 loader threads are needed at that speed: raise data.workers")
                .doesNotContain("raw");
    }

    @Test
    void missedTargetSuggestsOtherRemediesWithoutFreeCores() {
        assertThat(target.verdict("full order, warm", 640, 8, 8, ImageEncoding.JPEG))
                .contains("12 loader threads", "the job has 8 cores", "--encoding raw");
        assertThat(target.verdict("full order, warm", 640, 8, 8, ImageEncoding.RAW))
                .contains("the job has 8 cores", "augment less")
                .doesNotContain("raw");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void invalidTargetsAreRefused(double images) {
        assertThatThrownBy(() -> new BenchLoaderCommand.Target(images))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--target")
                .hasMessageContaining("expected images/s");
    }
}
