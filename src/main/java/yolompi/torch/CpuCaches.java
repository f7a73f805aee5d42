package yolompi.torch;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Cache sizes of the CPU, which some virtual machines do not report.
 *
 * <p>oneDNN, which computes LibTorch's convolutions on CPUs, then assumes sizes of zero (LibTorch
 * 2.10). This has two effects:
 *
 * <ul>
 *   <li>It splits channels-last 1×1 convolutions of 256 to 1024 channels into zero blocks, and
 *       divides by their number: SIGFPE in {@code brg_blocking_t::est_eff_1x1}. So
 *       {@link Compute#cpu} uses the contiguous layout there.
 *   <li>It leaves padding uninitialized: gradients contain old memory, often NaN. Convolutions
 *       whose channels need padding are computed in another way: see {@code SlowConvolution}.
 * </ul>
 */
public final class CpuCaches {
    /** The kernel lists the caches here, from the same CPUID instruction that oneDNN uses. */
    private static final Path LISTED = Path.of("/sys/devices/system/cpu/cpu0/cache");

    private static final boolean KNOWN = areKnown(LISTED);

    private CpuCaches() {}

    /** Whether the sizes are known, so that all convolutions are correct. */
    public static boolean areKnown() {
        return KNOWN;
    }

    static boolean areKnown(Path listed) {
        return Files.exists(listed.resolve("index0"));
    }
}
