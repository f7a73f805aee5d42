package yolompi.train.memory;

import java.util.List;
import org.bytedeco.pytorch.global.torch;
import yolompi.distributed.Communicator;
import yolompi.distributed.device.HostResources;
import yolompi.torch.DeviceContext;
import yolompi.torch.DeviceContext.GpuMemory;

/** Measures the memory that steps use on their device. */
public sealed interface MemoryMeter {
    /**
     * Fraction of the usable memory that stays free, for fragmentation and for growing use by
     * others.
     */
    double MARGIN = 0.1;

    /** Creates the meter for this rank's device. */
    static MemoryMeter of(DeviceContext device) {
        if (!device.onGpu()) {
            return new OfHost();
        }
        device.toDevice(torch.zeros(1)).close(); // initializes the GPU's allocator
        return new OfGpu(new GpuMemory(device.index()));
    }

    /** Maximum bytes in use at once since the last {@link #resetPeak}. */
    long peak();

    void resetPeak();

    /** Bytes that this rank uses now. */
    long taken();

    /** Bytes that all ranks together may use in addition. */
    long available();

    /** Whether images and copies that the program keeps on the host use the same memory. */
    boolean isHost();

    /**
     * Bytes that this rank may use in total, if all ranks that share the memory use the same
     * amount; collective.
     */
    default long usable(Communicator ranks, DeviceContext device) {
        String place = ranks.world().host() + " " + (isHost() ? "host" : "GPU " + device.index());
        List<String> places = ranks.allGather(place);
        long sharing = places.stream().filter(place::equals).count();
        long available = available();
        long usable = (long) ((1 - MARGIN) * (taken() + (double) available / sharing));
        ranks.any(false); // no rank allocates more before all have measured
        return usable;
    }

    /** Memory of the process and its host. */
    record OfHost() implements MemoryMeter {
        @Override
        public long peak() {
            return HostResources.peakMemory();
        }

        @Override
        public void resetPeak() {
            HostResources.resetPeakMemory();
        }

        @Override
        public long taken() {
            return HostResources.residentMemory();
        }

        @Override
        public long available() {
            return HostResources.availableMemory();
        }

        @Override
        public boolean isHost() {
            return true;
        }
    }

    /** Memory of a GPU. */
    record OfGpu(GpuMemory memory) implements MemoryMeter {
        @Override
        public long peak() {
            return memory.peak();
        }

        @Override
        public void resetPeak() {
            memory.resetPeak();
        }

        @Override
        public long taken() {
            return memory.reserved();
        }

        @Override
        public long available() {
            return memory.free();
        }

        @Override
        public boolean isHost() {
            return false;
        }
    }
}
