package yolompi.model;

import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.torch.Compute;
import yolompi.torch.Tensors;

/** Pixels as the network takes them. */
public final class Images {
    private Images() {}

    /**
     * From bytes to the network's input.
     *
     * @param pixels uint8 {@code [N,S,S,3]}, RGB
     * @param compute says where the input is wanted
     * @return float32 {@code [N,3,S,S]}, 0 to 1, in the layout of {@code compute}
     */
    public static Tensor toInput(byte[] pixels, int images, int size, Compute compute) {
        return toInput(inMemory(pixels, images, size, compute), compute);
    }

    /**
     * Bytes as a tensor on the host.
     *
     * @return uint8 {@code [N,S,S,3]}, in memory that the GPU of {@code compute} reads by itself, if it is one
     */
    public static Tensor inMemory(byte[] pixels, int images, int size, Compute compute) {
        return compute.onGpu()
                ? Tensors.pinned(pixels, images, size, size, 3)
                : Tensors.ofBytes(pixels, images, size, size, 3);
    }

    /** The same from a tensor of {@link #inMemory}. */
    public static Tensor toInput(Tensor pixels, Compute compute) {
        return compute.place(pixels)
                .permute(0, 3, 1, 2)
                .to(ScalarType.Float, false, false, new MemoryFormatOptional(compute.layout()))
                .div_(new Scalar(255));
    }
}
