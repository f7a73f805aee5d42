package yolompi.torch;

import java.util.Locale;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Device, precision and memory layout of a process's computations.
 *
 * @param type CPU or CUDA
 * @param index GPU number from 0; 0 for the CPU
 * @param arithmetic precision of convolutions
 * @param layout memory layout of images, kernels and layer outputs: channels-last or contiguous. It
 *     affects the speed, and the last bits of sums
 */
public record Compute(DeviceType type, int index, Arithmetic arithmetic, MemoryFormat layout) {
    /** The CPU with fp32. */
    public static final Compute PLAIN = cpu(Arithmetic.FP32);

    /** The CPU, with channels-last layout where this is {@link CpuCaches safe}. */
    public static Compute cpu(Arithmetic arithmetic) {
        MemoryFormat layout = CpuCaches.areKnown() ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        return new Compute(DeviceType.CPU, 0, arithmetic, layout);
    }

    public static Compute gpu(int index, Arithmetic arithmetic) {
        return new Compute(DeviceType.CUDA, index, arithmetic, MemoryFormat.ChannelsLast);
    }

    /** The same with another memory layout. */
    public Compute in(MemoryFormat other) {
        return new Compute(type, index, arithmetic, other);
    }

    /** Number of GPUs that LibTorch can use; 0 with the build for CPUs. */
    public static int gpus() {
        return torch.cuda_is_available() ? Math.toIntExact(torch.cuda_device_count()) : 0;
    }

    public boolean onGpu() {
        return type == DeviceType.CUDA;
    }

    /** Returns the tensor if it is on this device, otherwise a copy with the same memory layout. */
    public Tensor place(Tensor tensor) {
        return onGpu() ? tensor.to(device(), tensor.scalar_type(), true, false, new MemoryFormatOptional()) : tensor;
    }

    /**
     * Device of another replica of this process: the GPU that comes {@code number} after this one,
     * modulo the number of GPUs, or the same CPU.
     */
    public Compute replica(int number) {
        return onGpu() ? gpu((index + number) % gpus(), arithmetic).in(layout) : this;
    }

    /**
     * Makes this the current device of the calling thread.
     *
     * <p>Operators run on the device of their tensors. But NCCL, and memory that belongs to no
     * tensor, use the current device: GPU 0 for all ranks of a host, unless set.
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

    /** Whether small gradients would underflow without loss scaling. */
    public boolean needsScaledLoss() {
        return arithmetic == Arithmetic.FP16;
    }

    /** Bytes per value of a layer's output. */
    public int bytesPerValue() {
        return arithmetic.castType().isPresent() ? 2 : 4;
    }

    /** Such as {@code bf16 on the CPU}. */
    public String describe() {
        return arithmetic.name().toLowerCase(Locale.ROOT) + (onGpu() ? " on GPU " + index : " on the CPU");
    }
}
