package yolompi.pack.annotation;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import yolompi.InputException;

/** The names of the classes, in the order of their ids. */
public final class ClassNames {
    private final List<String> names;
    private final Map<String, Integer> ids = new HashMap<>();

    ClassNames(List<String> names) {
        this.names = List.copyOf(names);
        for (int id = 0; id < names.size(); id++) {
            Integer before = ids.putIfAbsent(names.get(id), id);
            if (before != null) {
                throw new InputException(
                        "class name '%s' is used twice, for classes %d and %d; give each class its own name"
                                .formatted(names.get(id), before, id));
            }
        }
    }

    /**
     * Reads a text file with one name per line, starting with class 0, or a {@code data.yaml} with
     * the key {@code names}.
     *
     * @throws InputException if the file cannot be read, is empty, or has a duplicate name or a
     *     blank line between names
     */
    public static ClassNames read(Path file) {
        List<String> lines = isYaml(file) ? YamlNames.in(file) : TextLines.all(file);
        if (lines.isEmpty()) {
            throw new InputException(file + ": found no names, expected one class name per line");
        }
        int blank = lines.indexOf("");
        if (blank >= 0) {
            throw new InputException("%s, line %d: found a blank line, expected the name of class %d; delete the line"
                    .formatted(file, blank + 1, blank));
        }
        try {
            return new ClassNames(lines);
        } catch (InputException twice) {
            throw new InputException(file + ": " + twice.getMessage(), twice);
        }
    }

    private static boolean isYaml(Path file) {
        return file.toString().endsWith(".yaml") || file.toString().endsWith(".yml");
    }

    public List<String> names() {
        return names;
    }

    int size() {
        return names.size();
    }

    OptionalInt idOf(String name) {
        Integer id = ids.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    boolean hasId(int id) {
        return id >= 0 && id < names.size();
    }

    List<Integer> numbersFromOne() {
        return IntStream.rangeClosed(1, names.size()).boxed().toList();
    }
}
