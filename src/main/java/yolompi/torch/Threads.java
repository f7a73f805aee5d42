package yolompi.torch;

import org.bytedeco.pytorch.global.torch;

/** How many threads LibTorch computes with. */
public final class Threads {
    private Threads() {}

    /** Call once, on the thread that computes, before the first operator. */
    public static void use(int threads) {
        computeWith(threads);
        torch.set_num_interop_threads(1);
    }

    /** How many threads an operator may use, from now on. */
    public static void computeWith(int threads) {
        torch.set_num_threads(threads);
    }
}
