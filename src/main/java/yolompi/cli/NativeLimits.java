package yolompi.cli;

import java.util.List;

/** JavaCPP's limits on native memory, which it reads once, when its first class loads. */
final class NativeLimits {
    /**
     * By default JavaCPP throws OutOfMemoryError when the process's resident memory passes about twice the heap's limit. Training keeps
     * nearly everything outside the heap, so that the limit says nothing here.
     */
    private static final List<String> LIMITS =
            List.of("org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes");

    private NativeLimits() {}

    /** Switches each limit off unless the user has set it with {@code -D}. */
    static void lift() {
        for (String limit : LIMITS) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "0");
            }
        }
    }
}
