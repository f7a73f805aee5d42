package yolompi.cli;

import java.util.List;

/** JavaCPP's limits on native memory. JavaCPP reads them once, when its first class loads. */
final class NativeLimits {
    /**
     * By default JavaCPP throws OutOfMemoryError if the resident memory exceeds about twice the
     * maximum heap. Training keeps nearly all its data outside the heap, so these limits make no
     * sense here.
     */
    private static final List<String> LIMITS =
            List.of("org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes");

    private NativeLimits() {}

    /** Disables each limit that the user has not set with {@code -D}. */
    static void lift() {
        for (String limit : LIMITS) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "0");
            }
        }
    }
}
