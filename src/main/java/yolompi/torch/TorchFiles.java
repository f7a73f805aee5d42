package yolompi.torch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Makes LibTorch's libraries load each other, and not another LibTorch on the system or on
 * {@code LD_LIBRARY_PATH}, such as a PyTorch module. Two versions in one process crash.
 *
 * <p>JavaCPP loads {@code libtorch.so}, which only refers to {@code libtorch_cpu.so}, before it
 * unpacks the latter. The linker searches {@code LD_LIBRARY_PATH} before the library's own folder,
 * but does not search for libraries that are loaded already. So this class loads them first.
 */
final class TorchFiles {
    private static final List<String> LOWEST_FIRST = List.of("libc10.so", "libtorch_cpu.so");

    private TorchFiles() {}

    /** Folder of the libraries in their jar. */
    static String folder(String platformExtension) {
        return "/org/bytedeco/pytorch/" + Loader.getPlatform() + platformExtension + "/";
    }

    /** Unpacks all libraries, and loads by path those that others need. */
    static void takeOurs(String platformExtension) {
        String folder = folder(platformExtension);
        try {
            Loader.cacheResource(torch.class, folder);
            Loader.load(openblas.class);
            for (String library : LOWEST_FIRST) {
                File file = Loader.cacheResource(torch.class, folder + library);
                System.load(file.getPath());
            }
        } catch (UnsatisfiedLinkError e) {
            // A dependency is missing. JavaCPP tries next, and CudaLibraries explains its error.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
