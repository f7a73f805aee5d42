package yolompi.checkpoint;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** The memory that Java lets direct buffers take: as much as the heap, unless an option says otherwise. On small machines that is little. */
final class DirectMemory {
    private DirectMemory() {}

    /** Whether it holds so much twice, as where a state is read beside another one. */
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
