package yolompi.torch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads JavaCPP's native libraries, in one process per machine at a time.
 *
 * <p>JavaCPP unpacks them from their jars at the first start. Without a lock, ranks that start
 * together crash: one rank loads {@code libtorch.so}, which needs {@code libtorch_cpu.so} beside
 * it, while another rank has unpacked only half of that file. If the other rank is then killed, the
 * truncated file makes every later start crash (SIGBUS).
 */
public final class NativeLibraries {
    private static final String LOCK_FILE = "yolo-mpi.lock";

    /** LibTorch's libraries that others need. */
    private static final List<String> LOWEST_FIRST = List.of("libc10.so", "libtorch_cpu.so");

    private NativeLibraries() {}

    /**
     * Loads the libraries of presets such as {@code org.bytedeco.pytorch.global.torch}. Call it
     * before any other use of the presets.
     *
     * @throws yolompi.InputException if the build for GPUs lacks an NVIDIA library
     * @throws UncheckedIOException if JavaCPP's cache folder cannot be written or locked
     */
    public static synchronized void load(Class<?>... presets) {
        try {
            Path cache = Loader.getCacheDir().toPath();
            try (FileChannel lockFile =
                    FileChannel.open(cache.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lockFile.lock(); // closing the file releases the lock
                deleteHalfWritten(cache);
                for (Class<?> preset : presets) {
                    if (preset == torch.class) {
                        loadTorch();
                        // LibTorch tries NNPACK first. It is unmaintained, and warns at each
                        // convolution on CPUs that it does not know.
                        torch.globalContext().setUserEnabledNNPACK(false);
                    } else {
                        Loader.load(preset);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(
                    "cannot unpack the native libraries: " + e.getMessage()
                            + "; set a folder on a local disk: -Dorg.bytedeco.javacpp.cachedir=DIR",
                    e));
        }
    }

    /** @throws yolompi.InputException as {@link CudaLibraries#require} */
    private static void loadTorch() {
        Optional<UnsatisfiedLinkError> failure = Optional.empty();
        try {
            loadTorchByPath(CudaLibraries.areInTheBuild() ? "-gpu" : "");
            Loader.load(torch.class);
        } catch (UnsatisfiedLinkError e) {
            failure = Optional.of(e);
        }
        CudaLibraries.require();
        failure.ifPresent(error -> {
            throw error;
        });
    }

    /**
     * Makes LibTorch's libraries load each other, and not another LibTorch on the system or on
     * {@code LD_LIBRARY_PATH}, such as a PyTorch module. Two versions in one process crash.
     *
     * <p>JavaCPP loads {@code libtorch.so}, which only refers to {@code libtorch_cpu.so}, before it
     * unpacks the latter. The linker searches {@code LD_LIBRARY_PATH} before the library's own
     * folder, but does not search for libraries that are loaded already. So this method unpacks all
     * and loads those first.
     */
    private static void loadTorchByPath(String platformExtension) {
        String folder = torchFolder(platformExtension);
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

    /** Folder of LibTorch's libraries in their jar. */
    static String torchFolder(String platformExtension) {
        return "/org/bytedeco/pytorch/" + Loader.getPlatform() + platformExtension + "/";
    }

    private static void deleteHalfWritten(Path cache) throws IOException {
        for (Path file : unpackedFiles(cache)) {
            if (isHalfWritten(cache.relativize(file), Files.size(file))) {
                Files.delete(file);
            }
        }
    }

    /** Regular files, without JavaCPP's symbolic links to libraries of other jars. */
    private static List<Path> unpackedFiles(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    /** The path of a file in the cache is the name of its jar, followed by its path in the jar. */
    private static boolean isHalfWritten(Path file, long bytes) throws IOException {
        if (file.getNameCount() < 2) {
            return false;
        }
        String jar = file.getName(0).toString();
        Path inJar = file.subpath(1, file.getNameCount());
        URL original = NativeLibraries.class.getResource("/" + inJar);
        return original != null
                && original.getPath().contains("/" + jar + "!/")
                && original.openConnection().getContentLengthLong() != bytes;
    }
}
