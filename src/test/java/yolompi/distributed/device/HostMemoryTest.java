package yolompi.distributed.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
    private static final long BYTES = 256L << 20;

    @Test
    void peakIncludesFreedMemory() {
        HostMemory.resetPeak();
        long before = HostMemory.resident();
        try (BytePointer memory = new BytePointer(BYTES)) {
            Pointer.memset(memory, 1, BYTES);
            assertThat(HostMemory.resident()).isGreaterThan(before + BYTES / 2);
        }
        assertThat(HostMemory.peak()).isGreaterThan(before + BYTES / 2);
    }

    @Test
    void availableMemoryIsPartOfTheMachine() {
        assertThat(HostMemory.available()).isBetween(1L << 20, 1L << 50);
    }
}
