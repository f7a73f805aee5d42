package yolompi.model;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.recipe.IntegerRanges;

/**
 * Layers that are not trained. Their weights get no gradients. Their batch norms use the running
 * statistics and do not update them.
 *
 * @param numbers from 0, in the order of the {@code .cfg}
 */
public record FrozenLayers(Set<Integer> numbers) {
    /** No frozen layers. */
    public static final FrozenLayers NONE = new FrozenLayers(Set.of());

    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,6})\\s*(?:-\\s*(\\d{1,6})\\s*)?");

    public FrozenLayers {
        numbers = Set.copyOf(numbers);
    }

    /**
     * Parses {@code model.freeze}.
     *
     * @param text {@code backbone}, or numbers and ranges such as {@code 0-12, 15}; blank: none
     * @throws InputException if the text is neither, names a layer that does not exist, or leaves
     *     no weight to train
     */
    public static FrozenLayers parse(String text, Architecture architecture) {
        if (text.isBlank()) {
            return NONE;
        }
        FrozenLayers frozen = new FrozenLayers(
                text.strip().equals("backbone") ? backbone(text, architecture) : listed(text, architecture));
        if (frozen.parameters(architecture) == architecture.parameters()) {
            throw fail(
                    text, "freezes all layers that have weights; leave one to train, such as the one before a [yolo]");
        }
        return frozen;
    }

    private static Set<Integer> backbone(String text, Architecture architecture) {
        int end = architecture.backboneLayers();
        if (end == 0) {
            throw fail(
                    text,
                    architecture.source() + " has neither a [shortcut] nor a [maxpool] to end the backbone;"
                            + " expected layer numbers, such as \"0-12\"");
        }
        return numbers(0, end - 1);
    }

    private static Set<Integer> listed(String text, Architecture architecture) {
        Set<Integer> numbers = new TreeSet<>();
        int last = architecture.layers().size() - 1;
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw fail(
                        text,
                        "found \"" + part.strip() + "\", expected \"backbone\" or layer numbers such as \"0-12, 15\"");
            }
            int from = Integer.parseInt(range.group(1));
            int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
            if (from > to || to > last) {
                throw fail(
                        text,
                        "found \"%s\", expected layers 0 to %d, the last layer of %s"
                                .formatted(part.strip(), last, architecture.source()));
            }
            numbers.addAll(numbers(from, to));
        }
        return numbers;
    }

    private static Set<Integer> numbers(int from, int to) {
        Set<Integer> numbers = new TreeSet<>();
        IntStream.rangeClosed(from, to).forEach(numbers::add);
        return numbers;
    }

    private static InputException fail(String text, String problem) {
        return new InputException("model.freeze = \"" + text + "\": " + problem);
    }

    public boolean contains(int layer) {
        return numbers.contains(layer);
    }

    public boolean isEmpty() {
        return numbers.isEmpty();
    }

    /** Number of weights in these layers. */
    public long parameters(Architecture architecture) {
        return numbers.stream()
                .mapToLong(number -> architecture.layers().get(number).parameters())
                .sum();
    }

    /** The numbers as text, such as {@code 0-12, 15}. */
    public String describe() {
        return IntegerRanges.describe(numbers);
    }
}
