package yolompi.torch;

import org.bytedeco.pytorch.global.torch;

/**
 * GPU memory: what LibTorch's caching allocator has reserved for this process, and what the device
 * has free.
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
