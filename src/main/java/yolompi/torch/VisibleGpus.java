package yolompi.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which of its host's GPUs a process may use. A batch system gives a process its own by hiding the others: behind CUDA_VISIBLE_DEVICES, or
 * in a control group that forbids their devices. All of them then call their only GPU 0.
 */
public final class VisibleGpus {
    private static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

    private VisibleGpus() {}

    /** A text that is the same for two processes of a host if they see the same GPUs. */
    public static String view() {
        return String.join(",", devices(Path.of("/dev"))) + " "
                + System.getenv().getOrDefault(VARIABLE, "");
    }

    /** The GPUs that the kernel lets this process open. */
    static List<String> devices(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("nvidia\\d+"))
                    .filter(VisibleGpus::opens)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean opens(Path device) {
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ)) {
            return channel.isOpen();
        } catch (IOException e) {
            return false;
        }
    }
}
