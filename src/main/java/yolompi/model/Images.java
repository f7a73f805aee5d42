package yolompi.model;

import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.torch.Compute;
import yolompi.torch.Tensors;

/** Converts pixels to the input of the network. */
public final class Images {
    private Images() {}

    /**
     * Converts bytes to the input of the network.
     *
     * @param pixels uint8 {@code [N,S,S,3]}, RGB
     * @param compute device and memory layout of the result
     * @return float32 {@code [N,3,S,S]}, 0 to 1
     */
    public static Tensor toInput(byte[] pixels, int images, int size, Compute compute) {
        return toInput(inMemory(pixels, images, size, compute), compute);
    }

    /**
     * Copies bytes to a tensor on the host.
     *
     * @return uint8 {@code [N,S,S,3]}, in pinned memory if {@code compute} is a GPU
     */
    public static Tensor inMemory(byte[] pixels, int images, int size, Compute compute) {
        return compute.onGpu()
                ? Tensors.pinned(pixels, images, size, size, 3)
                : Tensors.ofBytes(pixels, images, size, size, 3);
    }

    /** Converts a tensor from {@link #inMemory} to the input of the network. */
    public static Tensor toInput(Tensor pixels, Compute compute) {
        return compute.place(pixels)
                .permute(0, 3, 1, 2)
                .to(ScalarType.Float, false, false, new MemoryFormatOptional(compute.layout()))
                .div_(new Scalar(255));
    }
}
