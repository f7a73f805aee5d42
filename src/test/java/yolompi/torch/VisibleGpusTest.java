package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisibleGpusTest {
    @Test
    void onlyDevicesThatCanBeOpenedAreVisible(@TempDir Path folder) throws IOException {
        for (String name : new String[] {"nvidia1", "nvidia0", "nvidiactl", "nvidia-uvm", "null"}) {
            Files.createFile(folder.resolve(name));
        }
        // It exists but cannot be opened, like a device behind a control group.
        Files.createSymbolicLink(folder.resolve("nvidia2"), folder.resolve("nowhere"));
        assertThat(VisibleGpus.devices(folder)).containsExactly("nvidia0", "nvidia1");
        assertThat(VisibleGpus.devices(folder.resolve("nowhere"))).isEmpty();
    }
}
