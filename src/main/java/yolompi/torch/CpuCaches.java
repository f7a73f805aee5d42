package yolompi.torch;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the processor says of its caches: nothing, in some virtual machines. There oneDNN, which computes LibTorch's convolutions on CPUs, guesses
 * how large they are, cuts channels-last 1×1 convolutions of 256 to 1024 channels into no blocks at all, and divides by their number: SIGFPE
 * in {@code brg_blocking_t::est_eff_1x1} (LibTorch 2.10, two threads or more). Other layouts don't come that way.
 */
public final class CpuCaches {
    /** The kernel lists here what it learnt from the same instruction (CPUID) that oneDNN asks. */
    private static final Path LISTED = Path.of("/sys/devices/system/cpu/cpu0/cache");

    private CpuCaches() {}

    /** Whether their sizes can be known, so that channels-last convolutions are safe. */
    public static boolean areKnown() {
        return areKnown(LISTED);
    }

    static boolean areKnown(Path listed) {
        return Files.exists(listed.resolve("index0"));
    }
}
