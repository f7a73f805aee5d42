package yolompi.train;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.model.Images;
import yolompi.torch.Compute;

/**
 * Images of the coming step in memory that a GPU reads by itself: to copy them there takes a while, in which another thread may compute. On the
 * CPU it does nothing: no copy is needed.
 */
final class StagedImages {
    private final Compute compute;
    private final Map<Batch, Tensor> staged = Collections.synchronizedMap(new IdentityHashMap<>());

    StagedImages(Compute compute) {
        this.compute = compute;
    }

    /** Copies a batch's images; on any thread. */
    void stage(Batch batch) {
        if (compute.onGpu()) {
            staged.put(batch, inMemory(batch));
        }
    }

    /**
     * The network's input, on its device: from the staged copy where there is one, which is freed.
     *
     * @return float32 {@code [N,3,S,S]}, see {@link Images#toInput}
     */
    Tensor input(Batch batch) {
        // LibTorch keeps the memory until the device has read it.
        try (Tensor pixels = Optional.ofNullable(staged.remove(batch)).orElseGet(() -> inMemory(batch))) {
            return Images.toInput(pixels, compute);
        }
    }

    /** Frees what was staged for a step that is not taken. */
    void clear() {
        staged.values().forEach(Tensor::close);
        staged.clear();
    }

    private Tensor inMemory(Batch batch) {
        return Images.inMemory(batch.images(), batch.imageCount(), batch.size(), compute);
    }
}
