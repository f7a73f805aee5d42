package yolompi.distributed.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Properties of the machine that this process runs on. */
public final class Host {
    private Host() {}

    /** Host name according to the kernel. */
    public static String name() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }

    /** Whether the CPU multiplies bfloat16 in hardware (AMX or AVX-512 BF16). */
    public static boolean multipliesBf16() {
        return processorHas("amx_bf16") || processorHas("avx512_bf16");
    }

    /** Whether the CPU has AVX-512 BW, for which LibTorch has its own kernels. */
    public static boolean hasAvx512() {
        return processorHas("avx512bw");
    }

    private static boolean processorHas(String flag) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.anyMatch(line -> line.startsWith("flags") && line.contains(" " + flag));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** CPUs that this process may run on, as the kernel lists them: {@code 0-3,8}. */
    public static String allowedProcessors() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
