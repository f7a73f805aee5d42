package yolompi.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads JavaCPP's native libraries, one process of a machine after another.
 *
 * <p>JavaCPP unpacks them from their jars at the first start. Left alone, ranks that start together crash: one loads {@code libtorch.so},
 * which needs {@code libtorch_cpu.so} beside it, while another has unpacked only half of that. And where the other is killed then, the
 * half that it leaves makes every later start crash too (SIGBUS).
 */
public final class NativeLibraries {
    private static final String LOCK_FILE = "yolo-mpi.lock";

    private NativeLibraries() {}

    /**
     * Loads the libraries of presets such as {@code org.bytedeco.pytorch.global.torch}; to be called before these are used in any other
     * way.
     *
     * @throws yolompi.InputException if the build for GPUs lacks a library of NVIDIA
     * @throws UncheckedIOException if JavaCPP's cache folder cannot be written or locked
     */
    public static synchronized void load(Class<?>... presets) {
        try {
            Path cache = Loader.getCacheDir().toPath();
            try (FileChannel lockFile =
                    FileChannel.open(cache.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lockFile.lock(); // until it is closed
                deleteHalfWritten(cache);
                for (Class<?> preset : presets) {
                    if (preset == torch.class) {
                        CudaLibraries.loadTorch();
                        // LibTorch would ask it first, it warns at each convolution on processors that it doesn't know,
                        // and nobody
                        // keeps it any more.
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

    private static void deleteHalfWritten(Path cache) throws IOException {
        for (Path file : unpackedFiles(cache)) {
            if (isHalfWritten(cache.relativize(file), Files.size(file))) {
                Files.delete(file);
            }
        }
    }

    /** The real files, without JavaCPP's symbolic links to libraries of other jars. */
    private static List<Path> unpackedFiles(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    /** A file in the cache has the name of its jar, followed by its path in the jar. */
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
