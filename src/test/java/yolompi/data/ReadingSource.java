package yolompi.data;

import java.util.function.IntFunction;

/** A source whose reads are defined by a function. */
public record ReadingSource(int size, IntFunction<Sample> reading) implements SampleSource {
    @Override
    public Sample read(int index) {
        return reading.apply(index);
    }
}
