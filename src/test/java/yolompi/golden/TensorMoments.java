package yolompi.golden;

import java.nio.FloatBuffer;
import java.util.Locale;
import yolompi.checkpoint.NamedTensor;

/**
 * Two numbers that change with every element of a tensor, and change little if the element changes
 * little.
 *
 * @param rms root mean square
 */
record TensorMoments(String name, double mean, double rms) {
    static TensorMoments of(NamedTensor tensor) {
        FloatBuffer values = tensor.bytes().asFloatBuffer();
        int count = values.remaining();
        double sum = 0;
        double squares = 0;
        while (values.hasRemaining()) {
            double value = values.get();
            sum += value;
            squares += value * value;
        }
        return new TensorMoments(tensor.name(), sum / count, Math.sqrt(squares / count));
    }

    /**
     * Whether both numbers differ by at most a fraction of the root mean square, or of 0.1 for the
     * small biases early in training.
     */
    boolean isClose(TensorMoments other, double tolerance) {
        double difference = Math.max(Math.abs(mean - other.mean), Math.abs(rms - other.rms));
        return name.equals(other.name) && difference <= tolerance * Math.max(other.rms, 0.1);
    }

    String toText() {
        return String.format(Locale.ROOT, "%s %.9g %.9g", name, mean, rms);
    }

    /** Reads {@link #toText}. */
    static TensorMoments parse(String text) {
        String[] fields = text.split(" ", -1);
        return new TensorMoments(fields[0], Double.parseDouble(fields[1]), Double.parseDouble(fields[2]));
    }
}
