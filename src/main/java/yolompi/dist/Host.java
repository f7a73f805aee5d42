package yolompi.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process can see of the machine it runs on. */
public final class Host {
    private Host() {}

    /** The host's own name, as the kernel has it. */
    public static String name() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }

    /** Whether the processor multiplies bfloat16 numbers itself: by AMX, or by vectors (AVX-512 BF16). */
    public static boolean multipliesBf16() {
        return processorHas("amx_bf16") || processorHas("avx512_bf16");
    }

    /** Whether the processor has vectors of 512 bits for all types (AVX-512 BW), for which LibTorch has kernels of its own. */
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

    /** The processors that this process may run on, as the kernel lists them: {@code 0-3,8}. */
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
