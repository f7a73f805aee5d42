package yolompi.torch;

import org.bytedeco.pytorch.global.torch;

/**
 * The memory of a GPU: what LibTorch's caching allocator has taken for this process, and what the device has left.
 *
 * @param index which GPU, from 0
 */
public record GpuMemory(int index) {
    /** Bytes that this process has taken, in use or cached. */
    public long reserved() {
        return torch.getDeviceStats((byte) index).reserved_bytes().current();
    }

    /** The most bytes that it had taken since the last {@link #resetPeak}. */
    public long peak() {
        return torch.getDeviceStats((byte) index).reserved_bytes().peak();
    }

    /** Gives back what is cached, and begins to look for the peak anew. */
    public void resetPeak() {
        torch.emptyCache();
        torch.resetPeakStats((byte) index);
    }

    /** Bytes that no process has taken. */
    public long free() {
        return torch.getMemoryInfo((byte) index).first();
    }
}
