package yolompi.torch;

import org.bytedeco.pytorch.global.torch;

/** Number of LibTorch's CPU threads. */
public final class Threads {
    private Threads() {}

    /**
     * Sets the number of threads. Call it on the thread that computes, before the first operator of
     * the process.
     */
    public static void use(int threads) {
        computeWith(threads);
        if (torch.get_num_interop_threads() != 1) {
            torch.set_num_interop_threads(1); // LibTorch allows this once per process
        }
    }

    /** Sets the number of threads per operator, from now on. */
    public static void computeWith(int threads) {
        torch.set_num_threads(threads);
    }
}
