package yolompi.checkpoint;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Limit of Java's direct buffers: the heap size unless an option sets another. On small machines
 * that is little.
 */
final class DirectMemory {
    private DirectMemory() {}

    /** Whether the limit allows twice this size: two checkpoints may be in memory at once. */
    static boolean holds(long bytes) {
        return 2 * bytes <= most();
    }

    private static long most() {
        long option = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        return option == 0 ? Runtime.getRuntime().maxMemory() : option;
    }
}
