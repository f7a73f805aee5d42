package yolompi.torch;

import org.bytedeco.pytorch.global.torch;

/** How many threads LibTorch computes with. */
public final class Threads {
    private Threads() {}

    /** Call on the thread that computes, before the first operator of the process. */
    public static void use(int threads) {
        computeWith(threads);
        if (torch.get_num_interop_threads() != 1) {
            torch.set_num_interop_threads(1); // LibTorch allows it once in a process
        }
    }

    /** How many threads an operator may use, from now on. */
    public static void computeWith(int threads) {
        torch.set_num_threads(threads);
    }
}
