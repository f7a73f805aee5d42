package yolompi.train;

import java.util.List;
import org.bytedeco.pytorch.global.torch;
import yolompi.dist.Communicator;
import yolompi.dist.HostMemory;
import yolompi.torch.Compute;
import yolompi.torch.GpuMemory;

/** Measures the memory that steps take where their tensors lie. */
sealed interface MemoryMeter {
    /** Kept free, as a part of what may be used: memory that falls to pieces, and what others begin to take. */
    double MARGIN = 0.1;

    /** That of this rank's device. */
    static MemoryMeter of(Compute compute) {
        if (!compute.onGpu()) {
            return new OfHost();
        }
        compute.place(torch.zeros(1)).close(); // before its first tensor a GPU's allocator knows nothing
        return new OfGpu(new GpuMemory(compute.index()));
    }

    /** The most bytes in use at once since the last {@link #resetPeak}. */
    long peak();

    void resetPeak();

    /** What this rank has taken now. */
    long taken();

    /** What all ranks together may still take. */
    long available();

    /** Whether images and copies that the program keeps on the host lie in the same memory. */
    boolean isHost();

    /** Bytes that this rank may have taken in the end, if all that share the memory take as much; collective. */
    default long usable(Communicator ranks, Compute compute) {
        String place = ranks.world().host() + " " + (isHost() ? "host" : "GPU " + compute.index());
        List<String> places = ranks.allGather(place);
        long sharing = places.stream().filter(place::equals).count();
        long available = available();
        long usable = (long) ((1 - MARGIN) * (taken() + (double) available / sharing));
        ranks.any(false); // no rank takes more before all have looked
        return usable;
    }

    /** Of the process and its host. */
    record OfHost() implements MemoryMeter {
        @Override
        public long peak() {
            return HostMemory.peak();
        }

        @Override
        public void resetPeak() {
            HostMemory.resetPeak();
        }

        @Override
        public long taken() {
            return HostMemory.resident();
        }

        @Override
        public long available() {
            return HostMemory.available();
        }

        @Override
        public boolean isHost() {
            return true;
        }
    }

    /** Of a GPU. */
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
