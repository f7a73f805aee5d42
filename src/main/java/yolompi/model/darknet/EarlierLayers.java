package yolompi.model.darknet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import yolompi.model.LayerSpec;

/** The layers read so far. The next section may refer to them. */
final class EarlierLayers {
    private static final int INPUT_CHANNELS = 3;

    private final List<LayerSpec> layers = new ArrayList<>();

    void add(LayerSpec layer) {
        layers.add(layer);
    }

    List<LayerSpec> all() {
        return List.copyOf(layers);
    }

    /** Channels of the last layer, or of the images if there is no layer yet. */
    int channels() {
        return layers.isEmpty() ? INPUT_CHANNELS : layers.get(layers.size() - 1).channels();
    }

    /** Total stride of the last layer: input pixels per cell. */
    int stride() {
        return layers.isEmpty() ? 1 : layers.get(layers.size() - 1).stride();
    }

    /** Total stride of a following layer whose own stride is {@code step}. */
    int stride(CfgSection section, int step) {
        long stride = (long) stride() * step;
        if (stride > LayerSpec.MOST_EDGE) {
            throw section.fail(
                    "stride",
                    "the total stride would be %,d; expected at most %,d".formatted(stride, LayerSpec.MOST_EDGE));
        }
        return (int) stride;
    }

    LayerSpec get(int number) {
        return layers.get(number);
    }

    /**
     * Numbers of the layers that a key lists. The file counts from the first layer (0, 1, …) or
     * backward from this section (-1, -2, …).
     */
    List<Integer> named(CfgSection section, String key) {
        return IntStream.of(section.integers(key))
                .map(layer -> absolute(section, key, layer))
                .boxed()
                .toList();
    }

    private int absolute(CfgSection section, String key, int layer) {
        int number = layer < 0 ? layers.size() + layer : layer;
        if (number < 0 || number >= layers.size()) {
            throw section.fail(key, "no such earlier layer; this section is layer " + layers.size());
        }
        return number;
    }
}
