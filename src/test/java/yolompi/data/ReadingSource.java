package yolompi.data;

import java.util.function.IntFunction;

/** A source that does something else when asked. */
record ReadingSource(int size, IntFunction<Sample> reading) implements SampleSource {
    @Override
    public Sample read(int index) {
        return reading.apply(index);
    }
}
