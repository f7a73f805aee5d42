package yolompi.model;

import org.bytedeco.pytorch.Tensor;

/** Exchange of batch statistics between processes that normalize one batch together. */
@FunctionalInterface
public interface SharedStatistics {
    /**
     * Gathers the rows of all processes. The forward and the backward pass are collective.
     *
     * @param row float {@code [n]} of this process
     * @return float {@code [processes, n]}; the gradients that all processes have for this
     *     process's row flow back into it
     */
    Tensor gather(Tensor row);
}
