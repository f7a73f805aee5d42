package yolompi.torch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Makes sure that LibTorch's libraries find each other, and not those of another LibTorch that the system or {@code LD_LIBRARY_PATH} has, as
 * where a module with PyTorch is loaded: two versions in one process crash. JavaCPP loads {@code libtorch.so}, which only leads to
 * {@code libtorch_cpu.so}, before that is unpacked; and the linker looks into {@code LD_LIBRARY_PATH} before the library's own folder. What is
 * loaded already it does not look for.
 */
final class TorchFiles {
    private static final List<String> LOWEST_FIRST = List.of("libc10.so", "libtorch_cpu.so");

    private TorchFiles() {}

    /** Where the libraries lie in their jar. */
    static String folder(String platformExtension) {
        return "/org/bytedeco/pytorch/" + Loader.getPlatform() + platformExtension + "/";
    }

    /** Unpacks all libraries, and loads those that others need, by path. */
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
            // A library that this one needs is missing: JavaCPP tries next, and its error is the one that CudaLibraries
            // explains.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
