package yolompi.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * GPUs of the host that this process may use.
 *
 * <p>A batch system assigns GPUs to a process by hiding the others, with CUDA_VISIBLE_DEVICES or
 * with a control group that forbids their devices. Each process then sees its own GPU as GPU 0.
 */
public final class VisibleGpus {
    private static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

    private VisibleGpus() {}

    /** Text that is equal for two processes of a host if they see the same GPUs. */
    public static String view() {
        return String.join(",", devices(Path.of("/dev"))) + " "
                + System.getenv().getOrDefault(VARIABLE, "");
    }

    /** Device files that the kernel lets this process open. */
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
