package yolompi.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Formats layer numbers for messages. */
public final class LayerNumbers {
    private LayerNumbers() {}

    /** Writes consecutive numbers as ranges: {@code 0-12, 15}. */
    public static String describe(Collection<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        int from = -1;
        int to = -1;
        for (int number : new TreeSet<>(numbers)) {
            if (from >= 0 && number == to + 1) {
                ranges.remove(ranges.size() - 1);
            } else {
                from = number;
            }
            to = number;
            ranges.add(from == to ? Integer.toString(from) : from + "-" + to);
        }
        return String.join(", ", ranges);
    }
}
