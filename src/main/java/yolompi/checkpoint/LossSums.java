package yolompi.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Sums of the losses of consecutive steps.
 *
 * @param steps number of steps, without skipped ones
 * @param total sum of the three terms
 */
public record LossSums(long steps, double total, double box, double object, double classes) {
    /** Sums of no step. */
    public static final LossSums NONE = new LossSums(0, 0, 0, 0, 0);

    /** Returns these sums with one more step. */
    public LossSums plus(double moreTotal, double moreBox, double moreObject, double moreClasses) {
        return new LossSums(steps + 1, total + moreTotal, box + moreBox, object + moreObject, classes + moreClasses);
    }

    /** Returns the mean loss of a step; NaN without steps. */
    public double mean() {
        return steps == 0 ? Double.NaN : total / steps;
    }

    /** Returns text without spaces that {@link #parse} converts back to the same bits. */
    String toText() {
        return steps + ","
                + DoubleStream.of(total, box, object, classes)
                        .mapToObj(Double::toString)
                        .collect(Collectors.joining(","));
    }

    /** Parses {@link #toText}. */
    static LossSums parse(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length != 5) {
            throw new NumberFormatException("expected five numbers, found " + parts.length);
        }
        double[] sums =
                Arrays.stream(parts).skip(1).mapToDouble(Double::parseDouble).toArray();
        return new LossSums(Long.parseLong(parts[0]), sums[0], sums[1], sums[2], sums[3]);
    }
}
