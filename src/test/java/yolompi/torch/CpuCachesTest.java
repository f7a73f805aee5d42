package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.torch.DeviceContext.CpuCaches;

class CpuCachesTest {
    @TempDir
    private Path folder;

    @Test
    void cachesAreReadFromTheKernel() throws IOException {
        assertThat(CpuCaches.areKnown(folder.resolve("cache"))).isFalse();
        Files.createDirectories(folder.resolve("cache"));
        assertThat(CpuCaches.areKnown(folder.resolve("cache"))).isFalse();
        Files.createDirectories(folder.resolve("cache/index0"));
        assertThat(CpuCaches.areKnown(folder.resolve("cache"))).isTrue();
    }

    @Test
    void cpuWithUnknownCachesDoesNotUseChannelsLast() {
        assertThat(DeviceContext.PLAIN.layout() == MemoryFormat.ChannelsLast).isEqualTo(CpuCaches.areKnown());
    }
}
