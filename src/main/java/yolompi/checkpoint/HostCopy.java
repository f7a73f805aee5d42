package yolompi.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Buffers in host memory for one copy of some tensors. They are allocated once and reused for every
 * save, so that a file can be written while training changes the tensors.
 */
public final class HostCopy implements AutoCloseable {
    private final List<Tensor> originals;
    private final List<Tensor> copies = new ArrayList<>();
    private final List<NamedTensor> views = new ArrayList<>();

    /** Allocates the buffers. Do not call it within a pointer scope, which would free them. */
    public HostCopy(Map<String, Tensor> tensors) {
        originals = List.copyOf(tensors.values());
        tensors.forEach((name, tensor) -> {
            Tensor copy = torch.empty(
                    TensorBytes.shape(tensor), new TensorOptions(tensor.scalar_type()), new MemoryFormatOptional());
            copies.add(copy);
            views.add(TensorBytes.viewOf(name, copy));
        });
    }

    /** Copies the current values. Lists returned by earlier calls show the new values too. */
    public List<NamedTensor> take() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard constant = new NoGradGuard()) {
            for (int i = 0; i < copies.size(); i++) {
                copies.get(i).copy_(originals.get(i));
            }
        }
        return views;
    }

    @Override
    public void close() {
        copies.forEach(Tensor::close);
    }
}
