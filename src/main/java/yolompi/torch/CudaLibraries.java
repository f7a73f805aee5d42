package yolompi.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import yolompi.InputException;

/**
 * NVIDIA libraries that LibTorch's build for GPUs (Maven profile {@code gpu}) loads from the
 * machine, because no Maven repository has all of them.
 *
 * <p>If one is missing, LibTorch may still load but find no GPU. The job would silently run on
 * CPUs.
 */
public final class CudaLibraries {
    /** Folder of LibTorch's libraries in their jar. */
    private static final String FOLDER = NativeLibraries.torchFolder("-gpu");

    /**
     * LibTorch's own libraries that need NVIDIA's. The second one needs what the NCCL preset loads.
     */
    private static final List<String> NEED_THEM = List.of("libtorch_cuda.so", "libtorch_cuda_linalg.so");

    /** NVIDIA's Python wheels, by library. */
    private static final Map<String, String> WHEELS = Map.ofEntries(
            Map.entry("libcudart", "nvidia-cuda-runtime"),
            Map.entry("libcupti", "nvidia-cuda-cupti"),
            Map.entry("libcublas", "nvidia-cublas"),
            Map.entry("libcublasLt", "nvidia-cublas"),
            Map.entry("libcudnn", "nvidia-cudnn-cu13"),
            Map.entry("libnccl", "nvidia-nccl-cu13"),
            Map.entry("libcufft", "nvidia-cufft"),
            Map.entry("libcufile", "nvidia-cufile"),
            Map.entry("libcurand", "nvidia-curand"),
            Map.entry("libcusolver", "nvidia-cusolver"),
            Map.entry("libcusparse", "nvidia-cusparse"),
            Map.entry("libnvJitLink", "nvidia-nvjitlink"));

    private CudaLibraries() {}

    /** Whether this program was built for GPUs. */
    public static boolean areInTheBuild() {
        return CudaLibraries.class.getResource(FOLDER + NEED_THEM.get(0)) != null;
    }

    /**
     * Checks the libraries after LibTorch was loaded, or failed to load.
     *
     * @throws InputException if this is the build for GPUs and an NVIDIA library is missing; names
     *     the library and its source
     */
    static void require() {
        if (areInTheBuild() && !Loader.getLoadedLibraries().containsKey("torch_cuda")) {
            List<String> missing = missing();
            if (!missing.isEmpty()) {
                throw new InputException(remedy(missing));
            }
        }
    }

    static String remedy(List<String> missing) {
        String wheels = missing.stream()
                .flatMap(library -> Optional.ofNullable(WHEELS.get(withoutVersion(library))).stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        return "this is the build for GPUs, but NVIDIA libraries are missing: " + String.join(", ", missing)
                + "; load the modules for CUDA 13, cuDNN 9 and NCCL 2, or install NVIDIA's wheels:"
                + " pip install --target DIR "
                + wheels
                + " && mpi/gpu/nvidia.sh --nvidia-wheels DIR;"
                + " to run on CPUs only, build without -Pgpu";
    }

    /** Names of the libraries that the dynamic linker cannot find. */
    private static List<String> missing() {
        try {
            List<String> command = new ArrayList<>(List.of("ldd"));
            for (String library : NEED_THEM) {
                command.add(Loader.cacheResource(CudaLibraries.class, FOLDER + library)
                        .getPath());
            }
            Process linker = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String lines = new String(linker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return notFound(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Missing NVIDIA libraries in the output of {@code ldd}. Others may be loaded already, which
     * {@code ldd} does not know.
     */
    static List<String> notFound(String lines) {
        return lines.lines()
                .filter(line -> line.endsWith("=> not found"))
                .map(line -> line.strip().split(" ", 2)[0])
                .filter(library -> WHEELS.containsKey(withoutVersion(library)))
                .distinct()
                .sorted()
                .toList();
    }

    private static String withoutVersion(String library) {
        return library.replaceFirst("\\.so.*", "");
    }
}
