package yolompi.recipe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Text for sets of integers of 0 or more, with ranges for consecutive ones: {@code 0-12, 15}. */
public final class IntegerRanges {
    private IntegerRanges() {}

    /** The numbers in ascending order, separated by commas: {@code 0-12, 15}. */
    public static String describe(Collection<Integer> numbers) {
        return String.join(", ", of(numbers));
    }

    /** The ranges in ascending order: {@code 0-12} and {@code 15}. */
    public static List<String> of(Collection<Integer> numbers) {
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
        return ranges;
    }
}
