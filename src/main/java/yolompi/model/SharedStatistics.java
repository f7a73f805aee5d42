package yolompi.model;

import org.bytedeco.pytorch.Tensor;

/** What several processes, which normalise one batch together, tell each other of their parts. */
@FunctionalInterface
public interface SharedStatistics {
    /**
     * All processes' rows; collective, as is the backward pass.
     *
     * @param row float {@code [n]}, this process's own
     * @return float {@code [processes, n]}; a gradient that any process has with respect to this process's row flows back into it
     */
    Tensor gather(Tensor row);
}
