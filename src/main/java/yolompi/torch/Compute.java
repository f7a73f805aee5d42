package yolompi.torch;

import java.util.Locale;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Where and in which numbers a process computes.
 *
 * @param type CPU or CUDA
 * @param index which GPU, from 0; 0 for the CPU
 * @param layout how images, kernels and with them all layers' values lie in memory: a pixel's channels together, or a channel's pixels
 *     (contiguous). It changes the speed, and sums in their last bits
 */
public record Compute(DeviceType type, int index, Arithmetic arithmetic, MemoryFormat layout) {
    /** On the CPU in fp32. */
    public static final Compute PLAIN = cpu(Arithmetic.FP32);

    /** On the CPU, channels-last where that is {@link CpuCaches safe}. */
    public static Compute cpu(Arithmetic arithmetic) {
        MemoryFormat layout = CpuCaches.areKnown() ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        return new Compute(DeviceType.CPU, 0, arithmetic, layout);
    }

    public static Compute gpu(int index, Arithmetic arithmetic) {
        return new Compute(DeviceType.CUDA, index, arithmetic, MemoryFormat.ChannelsLast);
    }

    /** The same with another layout in memory. */
    public Compute in(MemoryFormat other) {
        return new Compute(type, index, arithmetic, other);
    }

    /** GPUs that LibTorch can use; 0 with its CPU build. */
    public static int gpus() {
        return torch.cuda_is_available() ? Math.toIntExact(torch.cuda_device_count()) : 0;
    }

    public boolean onGpu() {
        return type == DeviceType.CUDA;
    }

    /** The tensor on this device: itself where it is there already, otherwise a copy in the same memory layout. */
    public Tensor place(Tensor tensor) {
        return onGpu() ? tensor.to(device(), tensor.scalar_type(), true, false, new MemoryFormatOptional()) : tensor;
    }

    /** The place of another replica of this process: the GPU that many further on, or the same CPU. */
    public Compute replica(int number) {
        return onGpu() ? gpu((index + number) % gpus(), arithmetic).in(layout) : this;
    }

    /**
     * Makes this device the calling thread's own. Operators go by their tensors; but NCCL, and memory that belongs to no tensor, would else be
     * on GPU 0 for all ranks of a host.
     */
    public void makeCurrent() {
        if (onGpu()) {
            torch.setDeviceIndex((byte) index);
        }
    }

    Device device() {
        return new Device(type, (byte) index);
    }

    /** Opens autocast for a forward pass. */
    public Autocast autocast() {
        return Autocast.to(arithmetic.castType(), type);
    }

    /** Whether small gradients would vanish, unless the loss is scaled up. */
    public boolean needsScaledLoss() {
        return arithmetic == Arithmetic.FP16;
    }

    /** Bytes that a layer's output takes for each value. */
    public int bytesPerValue() {
        return arithmetic.castType().isPresent() ? 2 : 4;
    }

    /** Such as {@code bf16 on the CPU}. */
    public String describe() {
        return arithmetic.name().toLowerCase(Locale.ROOT) + (onGpu() ? " on GPU " + index : " on the CPU");
    }
}
