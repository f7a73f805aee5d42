package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import yolompi.InputException;

class MemoryLineTest {
    private static final long GIB = 1L << 30;

    private static MemoryLine of(long rankGib, int ranks, long freeGib) {
        return new MemoryLine(rankGib * GIB, ranks * rankGib * GIB, freeGib * GIB, "on node1");
    }

    @Test
    void memoryThatFitsIsReportedInOneLine() {
        assertThat(of(2, 4, 8).require().lines()).containsExactly("memory    about 2,048 MiB per rank");
    }

    @Test
    void memoryThatMayNotFitGivesAWarning() {
        assertThat(of(2, 4, 6).require().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("6,144 MiB are free on node1", "need 8,192 MiB", "train.micro_batch", "--auto-batch");
    }

    @Test
    void memoryThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> of(2, 4, 5).require())
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("about 8,192 MiB on node1", "only 5,120 MiB are free");
    }
}
