package yolompi.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one file holds.
 *
 * @param metadata text by key, in order; keys that start with {@code yolompi.} belong to {@link Safetensors}
 * @param tensors names are unique
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

    /** The tensor of that name. */
    public Optional<NamedTensor> tensor(String name) {
        return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }
}
