package yolompi.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The layers that a file has had so far, which its next section may refer to. */
final class EarlierLayers {
    private static final int INPUT_CHANNELS = 3;

    private final List<LayerSpec> layers = new ArrayList<>();

    void add(LayerSpec layer) {
        layers.add(layer);
    }

    List<LayerSpec> all() {
        return List.copyOf(layers);
    }

    /** Channels of the last one, or of the images. */
    int channels() {
        return layers.isEmpty() ? INPUT_CHANNELS : layers.get(layers.size() - 1).channels();
    }

    /** Input pixels for one cell of the last one's grid. */
    int stride() {
        return layers.isEmpty() ? 1 : layers.get(layers.size() - 1).stride();
    }

    /** The same for a layer that takes steps of so many cells. */
    int stride(CfgSection section, int step) {
        long stride = (long) stride() * step;
        if (stride > LayerSpec.MOST_EDGE) {
            throw section.fail(
                    "stride",
                    "a cell would stand for %,d pixels, expected at most %,d".formatted(stride, LayerSpec.MOST_EDGE));
        }
        return (int) stride;
    }

    LayerSpec get(int number) {
        return layers.get(number);
    }

    /** The numbers of the layers that a key names, counted from the first (0, 1, …) or back from the section (-1, -2, …). */
    List<Integer> named(CfgSection section, String key) {
        return IntStream.of(section.integers(key))
                .map(layer -> absolute(section, key, layer))
                .boxed()
                .toList();
    }

    private int absolute(CfgSection section, String key, int layer) {
        int number = layer < 0 ? layers.size() + layer : layer;
        if (number < 0 || number >= layers.size()) {
            throw section.fail(key, "no such earlier layer; this is layer " + layers.size());
        }
        return number;
    }
}
