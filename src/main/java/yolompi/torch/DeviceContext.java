package yolompi.torch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Device, precision and memory layout of a process's computations.
 *
 * @param type CPU or CUDA
 * @param index GPU number from 0; 0 for the CPU
 * @param precision precision of convolutions
 * @param layout memory layout of images, kernels and layer outputs: channels-last or contiguous. It
 *     affects the speed, and the last bits of sums
 */
public record DeviceContext(DeviceType type, int index, Precision precision, MemoryFormat layout) {
    /** The CPU with fp32. */
    public static final DeviceContext PLAIN = cpu(Precision.FP32);

    /** The CPU, with channels-last layout where this is {@link CpuCaches safe}. */
    public static DeviceContext cpu(Precision precision) {
        MemoryFormat layout = CpuCaches.areKnown() ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        return new DeviceContext(DeviceType.CPU, 0, precision, layout);
    }

    public static DeviceContext gpu(int index, Precision precision) {
        return new DeviceContext(DeviceType.CUDA, index, precision, MemoryFormat.ChannelsLast);
    }

    /** The same with another memory layout. */
    public DeviceContext in(MemoryFormat other) {
        return new DeviceContext(type, index, precision, other);
    }

    /**
     * Sets the number of LibTorch's CPU threads. Call it on the thread that computes, before the
     * first operator of the process.
     */
    public static void useThreads(int threads) {
        useThreadsFromNow(threads);
        if (torch.get_num_interop_threads() != 1) {
            torch.set_num_interop_threads(1); // LibTorch allows this once per process
        }
    }

    /** Sets the number of CPU threads per operator, from now on. */
    public static void useThreadsFromNow(int threads) {
        torch.set_num_threads(threads);
    }

    /** Number of GPUs that LibTorch can use; 0 with the build for CPUs. */
    public static int gpus() {
        return torch.cuda_is_available() ? Math.toIntExact(torch.cuda_device_count()) : 0;
    }

    public boolean onGpu() {
        return type == DeviceType.CUDA;
    }

    /** Returns the tensor if it is on this device, otherwise a copy with the same memory layout. */
    public Tensor toDevice(Tensor tensor) {
        return onGpu() ? tensor.to(device(), tensor.scalar_type(), true, false, new MemoryFormatOptional()) : tensor;
    }

    /**
     * Device of another replica of this process: the GPU that comes {@code number} after this one,
     * modulo the number of GPUs, or the same CPU.
     */
    public DeviceContext replica(int number) {
        return onGpu() ? gpu((index + number) % gpus(), precision).in(layout) : this;
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

    /**
     * Opens autocast for a forward pass. With fp32 it does nothing, so that callers need no branch.
     */
    public Autocast autocast() {
        return new Autocast(precision.castType(), type);
    }

    /** Whether small gradients would underflow without loss scaling. */
    public boolean needsScaledLoss() {
        return precision == Precision.FP16;
    }

    /** Bytes per value of a layer's output. */
    public int bytesPerValue() {
        return precision.castType().isPresent() ? 2 : 4;
    }

    /** Such as {@code bf16 on the CPU}. */
    public String describe() {
        return precision.name().toLowerCase(Locale.ROOT) + (onGpu() ? " on GPU " + index : " on the CPU");
    }

    /**
     * While open, convolutions of this thread run in 16 bits. Weights and sensitive operators stay
     * in float32.
     */
    public static final class Autocast implements AutoCloseable {
        private final boolean active;
        private final DeviceType device;
        private final boolean enabledBefore;

        private Autocast(Optional<ScalarType> castType, DeviceType device) {
            this.active = castType.isPresent();
            this.device = device;
            this.enabledBefore = torch.is_autocast_enabled(device);
            castType.ifPresent(type -> {
                torch.set_autocast_dtype(device, type);
                torch.set_autocast_enabled(device, true);
            });
        }

        @Override
        public void close() {
            if (active) {
                torch.set_autocast_enabled(device, enabledBefore);
                torch.clear_cache();
            }
        }
    }

    /**
     * GPU memory: what LibTorch's caching allocator has reserved for this process, and what the
     * device has free.
     *
     * @param index GPU number from 0
     */
    public record GpuMemory(int index) {
        /** Bytes that this process has reserved, in use or cached. */
        public long reserved() {
            return torch.getDeviceStats((byte) index).reserved_bytes().current();
        }

        /** Peak of {@link #reserved} since the last {@link #resetPeak}. */
        public long peak() {
            return torch.getDeviceStats((byte) index).reserved_bytes().peak();
        }

        /** Frees cached memory, and restarts the measurement of the peak. */
        public void resetPeak() {
            torch.emptyCache();
            torch.resetPeakStats((byte) index);
        }

        /** Bytes that no process has reserved. */
        public long free() {
            return torch.getMemoryInfo((byte) index).first();
        }
    }

    /**
     * Cache sizes of the CPU, which some virtual machines do not report.
     *
     * <p>oneDNN, which computes LibTorch's convolutions on CPUs, then assumes sizes of zero
     * (LibTorch 2.10). This has two effects:
     *
     * <ul>
     *   <li>It splits channels-last 1×1 convolutions of 256 to 1024 channels into zero blocks, and
     *       divides by their number: SIGFPE in {@code brg_blocking_t::est_eff_1x1}. So
     *       {@link DeviceContext#cpu} uses the contiguous layout there.
     *   <li>It leaves padding uninitialized: gradients contain old memory, often NaN. Convolutions
     *       whose channels need padding are computed in another way: see {@code OneDnnWorkaround}.
     * </ul>
     */
    public static final class CpuCaches {
        /** The kernel lists the caches here, from the same CPUID instruction that oneDNN uses. */
        private static final Path LISTED = Path.of("/sys/devices/system/cpu/cpu0/cache");

        private static final boolean KNOWN = areKnown(LISTED);

        private CpuCaches() {}

        /** Whether the sizes are known, so that all convolutions are correct. */
        public static boolean areKnown() {
            return KNOWN;
        }

        static boolean areKnown(Path listed) {
            return Files.exists(listed.resolve("index0"));
        }
    }
}
