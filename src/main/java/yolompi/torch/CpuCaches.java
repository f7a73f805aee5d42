package yolompi.torch;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the processor says of its caches: nothing, in some virtual machines. oneDNN, which computes LibTorch's convolutions on CPUs, takes their
 * sizes for zero there (LibTorch 2.10), and then
 *
 * <ul>
 *   <li>cuts channels-last 1×1 convolutions of 256 to 1024 channels into no blocks at all, and divides by their number: SIGFPE in {@code
 *       brg_blocking_t::est_eff_1x1}. Tensors lie channel by channel there: see {@link Compute#cpu};
 *   <li>leaves parts of what it pads unwritten: gradients hold what was in memory before, often NaN. Convolutions whose channels need padding
 *       go another way: see {@code SlowConvolution}.
 * </ul>
 */
public final class CpuCaches {
    /** The kernel lists here what it learnt from the same instruction (CPUID) that oneDNN asks. */
    private static final Path LISTED = Path.of("/sys/devices/system/cpu/cpu0/cache");

    private static final boolean KNOWN = areKnown(LISTED);

    private CpuCaches() {}

    /** Whether their sizes can be known, so that all of its convolutions are right. */
    public static boolean areKnown() {
        return KNOWN;
    }

    static boolean areKnown(Path listed) {
        return Files.exists(listed.resolve("index0"));
    }
}
