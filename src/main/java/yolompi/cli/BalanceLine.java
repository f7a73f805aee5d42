package yolompi.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.data.sampler.ClassBalance;

/** One line that says how class balancing changes the sampling of a data set. */
final class BalanceLine {
    private static final int CLASSES = 5;

    private BalanceLine() {}

    /** Names the rarest classes that occur, and the most common one. */
    static String of(ClassBalance balance, List<String> names) {
        List<Integer> rarestFirst = IntStream.range(0, names.size())
                .filter(classId -> balance.imagesOf(classId) > 0)
                .boxed()
                .sorted(Comparator.comparing(balance::imagesOf))
                .toList();
        if (rarestFirst.isEmpty()) {
            return "class_balance %s: no image has a box, so an epoch reads each image once"
                    .formatted(balance.strength());
        }
        int skipped = Math.max(0, rarestFirst.size() - CLASSES);
        Stream<Integer> shown = Stream.concat(
                rarestFirst.stream().limit(CLASSES - 1), rarestFirst.stream().skip(CLASSES - 1L + skipped));
        return "class_balance %s: readings of an image per epoch by class (images): %s"
                .formatted(
                        balance.strength(),
                        shown.map(classId -> "%s (%d) %.2f"
                                        .formatted(
                                                names.get(classId),
                                                balance.imagesOf(classId),
                                                balance.readingsOf(classId)))
                                .collect(Collectors.joining(", ")));
    }
}
