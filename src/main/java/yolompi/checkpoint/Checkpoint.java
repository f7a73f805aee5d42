package yolompi.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Content of one checkpoint file: metadata and named tensors.
 *
 * @param metadata text by key, in order; keys that start with {@code yolompi.} are reserved for
 *     {@link Safetensors}
 * @param tensors tensors with unique names
 */
public record Checkpoint(Map<String, String> metadata, List<NamedTensor> tensors) {
    public Checkpoint {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tensors = List.copyOf(tensors);
        Set<String> names = new LinkedHashSet<>();
        for (NamedTensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("Duplicate tensor name: " + tensor.name());
            }
        }
    }

    /** Returns the tensor with this name. */
    public Optional<NamedTensor> tensor(String name) {
        return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }
}
