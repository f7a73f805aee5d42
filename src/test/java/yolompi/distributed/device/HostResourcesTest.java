package yolompi.distributed.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostResourcesTest {
    private static final long BYTES = 256L << 20;

    @Test
    void peakIncludesFreedMemory() {
        HostResources.resetPeakMemory();
        long before = HostResources.residentMemory();
        try (BytePointer memory = new BytePointer(BYTES)) {
            Pointer.memset(memory, 1, BYTES);
            assertThat(HostResources.residentMemory()).isGreaterThan(before + BYTES / 2);
        }
        assertThat(HostResources.peakMemory()).isGreaterThan(before + BYTES / 2);
    }

    @Test
    void availableMemoryIsPartOfTheMachine() {
        assertThat(HostResources.availableMemory()).isBetween(1L << 20, 1L << 50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 1", "0-3; 4", "0-3,8; 5", "1,3,5-6; 4"})
    void coresAreCountedFromTheKernelsList(String processors, int count) {
        assertThat(HostResources.countCores(processors)).isEqualTo(count);
    }
}
