package yolompi.data;

import java.util.List;
import java.util.stream.IntStream;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/** Samples in memory: encoded images, each with one normal and one ignored box. */
public record MemorySamples(List<Sample> samples) implements SampleSource {
    public static MemorySamples drawn(int count) {
        return new MemorySamples(
                IntStream.range(0, count).mapToObj(MemorySamples::draw).toList());
    }

    private static Sample draw(int index) {
        Box box = new Box(10 + index % 7, 12, 50, 44 + index % 5);
        return ImageFixture.sample(
                index,
                ImageFixture.whiteOnBlack(72 + index % 3, 64, box),
                index % 2 == 0 ? "png" : "jpg",
                new LabeledBox(box, index % 4, false),
                new LabeledBox(new Box(2, 2, 30, 30), 1, true));
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public Sample read(int index) {
        return samples.get(index);
    }
}
