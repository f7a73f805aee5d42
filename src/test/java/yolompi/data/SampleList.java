package yolompi.data;

import java.util.List;

/** Samples in memory, looked up by their own index. */
public record SampleList(List<Sample> samples) implements SampleSource {
    public static SampleList of(Sample... samples) {
        return new SampleList(List.of(samples));
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Sample read(int index) {
        return samples.stream()
                .filter(sample -> sample.index() == index)
                .findFirst()
                .orElseThrow();
    }
}
