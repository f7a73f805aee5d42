package yolompi.model.darknet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.model.Activation;
import yolompi.model.LayerSpec;

/**
 * One section of a {@link CfgFile}: its keys and values, and which keys were read.
 *
 * <p>The reader of a layer reads every key that it supports. The keys that remain in
 * {@link #unusedKeys()} are not supported.
 */
public final class CfgSection {
    private record Entry(String value, int line) {}

    private final String source;
    private final String name;
    private final int line;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    CfgSection(String source, String name, int line) {
        this.source = source;
        this.name = name;
        this.line = line;
    }

    void add(String key, String value, int lineOfKey) {
        Entry entry = new Entry(value, lineOfKey);
        Entry first = entries.putIfAbsent(key, entry);
        // Darknet uses the first value. Published files repeat keys of [net], for training.
        if (first != null && !name.equals("net") && !name.equals("network")) {
            throw new InputException("%s, line %d: [%s] already has %s in line %d; remove one of them"
                    .formatted(source, lineOfKey, name, key, first.line()));
        }
    }

    /** The name in the brackets, such as {@code convolutional}. */
    public String name() {
        return name;
    }

    /** Line number of the section's header, from 1. */
    public int line() {
        return line;
    }

    /** Whether the section has the key. Marks the key as read. */
    public boolean has(String key) {
        asked.add(key);
        return entries.containsKey(key);
    }

    /** The value as text, or {@code def} if the key is absent. */
    public String text(String key, String def) {
        return has(key) ? entries.get(key).value() : def;
    }

    /**
     * The value as an integer, or {@code def} if the key is absent.
     *
     * @throws InputException if the value is not an integer
     */
    public int integer(String key, int def) {
        return has(key) ? number(key, entries.get(key).value(), Integer::valueOf, "an integer") : def;
    }

    /**
     * The value as an integer of 1 or more, or {@code def} if the key is absent.
     *
     * @throws InputException if the value is not such an integer
     */
    public int positive(String key, int def) {
        int value = integer(key, def);
        if (value < 1) {
            throw fail(key, "expected 1 or more");
        }
        return value;
    }

    /**
     * The value as an integer from 1 to {@code most}, or {@code def} if the key is absent.
     *
     * @throws InputException if the value is not such an integer
     */
    int positive(String key, int def, int most) {
        int value = positive(key, def);
        if (value > most) {
            throw fail(key, "expected at most %,d".formatted(most));
        }
        return value;
    }

    /**
     * The value as a number, or {@code def} if the key is absent.
     *
     * @throws InputException if the value is not a finite number
     */
    public float number(String key, float def) {
        return has(key) ? number(key, entries.get(key).value(), CfgSection::finite, "a number") : def;
    }

    /**
     * The {@code stride} of a window in both directions. {@code stride_x} and {@code stride_y} may
     * also state it.
     *
     * @throws InputException if the directions differ
     */
    int step() {
        int step = positive("stride", 1, LayerSpec.MAX_EDGE);
        int across = positive("stride_x", step, LayerSpec.MAX_EDGE);
        if (positive("stride_y", step) != across) {
            throw fail("stride_y", "expected the same stride in both directions, " + across);
        }
        return across;
    }

    /**
     * The activation, or {@code def} if the key is absent.
     *
     * @throws InputException if the activation is not supported; lists the supported ones
     */
    Activation activation(Activation def) {
        return Activation.named(text("activation", def.text()))
                .orElseThrow(() -> fail("activation", "not supported; expected one of " + Activation.names()));
    }

    /**
     * The comma-separated integers of a key.
     *
     * @throws InputException if the key is absent or an element is not an integer
     */
    public int[] integers(String key) {
        return numbers(key, Integer::valueOf, "integers separated by commas").stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * The comma-separated numbers of a key.
     *
     * @throws InputException if the key is absent or an element is not a finite number
     */
    public float[] floats(String key) {
        List<Float> values = numbers(key, CfgSection::finite, "numbers separated by commas");
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    /** The keys that were read, in the order of reading. */
    Set<String> askedKeys() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(asked));
    }

    /** The keys that were not read yet, in the order of the file. */
    public List<String> unusedKeys() {
        return entries.keySet().stream().filter(key -> !asked.contains(key)).toList();
    }

    /**
     * An error about one key, with file and line, for the caller to throw.
     *
     * @param problem what is wrong and what was expected
     */
    public InputException fail(String key, String problem) {
        Entry entry = entries.get(key);
        return entry == null
                ? new InputException("%s, line %d: [%s] %s: %s".formatted(source, line, name, key, problem))
                : new InputException("%s, line %d: [%s] %s=%s: %s"
                        .formatted(source, entry.line(), name, key, entry.value(), problem));
    }

    private <T> List<T> numbers(String key, Function<String, T> parse, String expected) {
        if (!has(key)) {
            throw fail(key, "missing; expected " + expected);
        }
        return Stream.of(entries.get(key).value().split(",", -1))
                .map(part -> number(key, part.strip(), parse, expected))
                .collect(Collectors.toUnmodifiableList());
    }

    private <T> T number(String key, String text, Function<String, T> parse, String expected) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            InputException failure = fail(key, "expected " + expected);
            failure.initCause(e);
            throw failure;
        }
    }

    private static Float finite(String text) {
        float value = Float.parseFloat(text);
        if (!Float.isFinite(value)) {
            throw new NumberFormatException(text);
        }
        return value;
    }
}
