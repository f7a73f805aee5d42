package yolompi.pack.annotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
        List<String> lines = isYaml(file) ? YamlNames.in(file) : AnnotationText.allLines(file);
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

    /**
     * Reads the class names of a {@code data.yaml}, as in Ultralytics and Roboflow data sets: its
     * key {@code names} is a list, or a map from numbers, starting at 0, to names.
     */
    private static final class YamlNames {
        private static final ObjectMapper YAML = new YAMLMapper();

        private final Path file;
        private final List<String> names = new ArrayList<>();

        private YamlNames(Path file) {
            this.file = file;
        }

        /**
         * Reads the names in the order of their numbers.
         *
         * @throws InputException if the file has no names, or has them in another form
         */
        static List<String> in(Path file) {
            YamlNames found = new YamlNames(file);
            found.read();
            return found.names;
        }

        private void read() {
            JsonNode node = document().path("names");
            if (node.isArray()) {
                node.forEach(this::add);
            } else if (node.isObject()) {
                node.properties().forEach(this::addNumbered);
            } else {
                throw malformed("found no list");
            }
            if (names.isEmpty()) {
                throw malformed("found an empty list");
            }
        }

        private JsonNode document() {
            try {
                return YAML.readTree(file.toFile());
            } catch (FileNotFoundException e) {
                throw new InputException(file + ": no such file; check the path", e);
            } catch (JsonProcessingException e) {
                throw malformed("not valid YAML ("
                        + e.getOriginalMessage().lines().findFirst().orElse("") + ")");
            } catch (IOException e) {
                throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
            }
        }

        private void addNumbered(Map.Entry<String, JsonNode> entry) {
            if (!entry.getKey().equals(String.valueOf(names.size()))) {
                throw malformed("found number %s, expected %d".formatted(entry.getKey(), names.size()));
            }
            add(entry.getValue());
        }

        private void add(JsonNode name) {
            if (!name.isValueNode() || name.isNull()) {
                throw malformed("found %s as the name of class %d".formatted(name, names.size()));
            }
            names.add(name.asText());
        }

        private InputException malformed(String found) {
            return new InputException(("%s: names: %s; expected a list such as 'names: [a, b]';"
                            + " or give --names a text file with one class name per line")
                    .formatted(file, found));
        }
    }
}
