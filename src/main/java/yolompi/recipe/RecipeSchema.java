package yolompi.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import yolompi.InputException;

/** The records as a schema: a record is a table, its components are the keys in snake_case. */
final class RecipeSchema {
    private RecipeSchema() {}

    /** Rejects unknown keys and values of a wrong type in a tree that may lack keys. */
    static void check(Class<?> table, ObjectNode given) {
        check(table, given, "");
    }

    private static void check(Class<?> table, ObjectNode given, String prefix) {
        Map<String, RecordComponent> keys = keys(table);
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            String key = prefix + entry.getKey();
            RecordComponent component = keys.get(entry.getKey());
            if (component == null) {
                throw unknown(entry.getKey(), prefix, keys);
            }
            if (!component.getType().isRecord()) {
                RecipeValue.of(component.getGenericType(), entry.getValue(), key);
            } else if (entry.getValue() instanceof ObjectNode inner) {
                check(component.getType(), inner, key + ".");
            } else {
                Limits.fail(key, RecipeValue.show(entry.getValue()), "a table [" + key + "]");
            }
        }
    }

    /** Whether the path of tables leads to an existing key with string values. */
    static boolean holdsText(String... path) {
        Class<?> type = Recipe.class;
        for (String name : path) {
            RecordComponent component = type.isRecord() ? keys(type).get(name) : null;
            if (component == null) {
                return false;
            }
            type = component.getType();
        }
        return type == String.class;
    }

    /** Creates the record from a tree with all keys. */
    static <R> R bind(Class<R> table, ObjectNode tree) {
        return bind(table, tree, "");
    }

    private static <R> R bind(Class<R> table, ObjectNode tree, String prefix) {
        RecordComponent[] components = table.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = keyOf(components[i]);
            types[i] = components[i].getType();
            values[i] = types[i].isRecord()
                    ? bind(types[i], (ObjectNode) tree.get(name), prefix + name + ".")
                    : RecipeValue.of(components[i].getGenericType(), tree.get(name), prefix + name);
        }
        try {
            return table.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InputException outOfRange) {
                throw outOfRange;
            }
            throw new IllegalStateException(table.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(table.getName(), e);
        }
    }

    /**
     * All full keys with their values, in the order of the records: {@code seed},
     * {@code model.cfg}, …
     */
    static Map<String, Object> flatten(Record table) {
        Map<String, Object> flat = new LinkedHashMap<>();
        flatten(table, "", flat);
        return flat;
    }

    private static void flatten(Record table, String prefix, Map<String, Object> flat) {
        for (RecordComponent component : table.getClass().getRecordComponents()) {
            String key = prefix + keyOf(component);
            Object value = valueOf(table, component);
            if (value instanceof Record inner) {
                flatten(inner, key + ".", flat);
            } else {
                flat.put(key, value);
            }
        }
    }

    private static Object valueOf(Record table, RecordComponent component) {
        try {
            return component.getAccessor().invoke(table);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.toString(), e);
        }
    }

    private static Map<String, RecordComponent> keys(Class<?> table) {
        Map<String, RecordComponent> keys = new LinkedHashMap<>();
        for (RecordComponent component : table.getRecordComponents()) {
            keys.put(keyOf(component), component);
        }
        return keys;
    }

    private static String keyOf(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static InputException unknown(String name, String prefix, Map<String, RecordComponent> keys) {
        String where = prefix.isEmpty() ? "a recipe" : "[" + prefix.substring(0, prefix.length() - 1) + "]";
        String message =
                "unknown key " + prefix + name + "; valid keys of " + where + ": " + String.join(", ", keys.keySet());
        Optional<String> near = Spelling.nearest(name, keys.keySet()).or(() -> elsewhere(name));
        return new InputException(
                message + near.map(key -> "; did you mean " + key + "?").orElse(""));
    }

    /** The full key with this name in another table, if there is exactly one. */
    private static Optional<String> elsewhere(String name) {
        List<String> found = new ArrayList<>();
        for (RecordComponent table : Recipe.class.getRecordComponents()) {
            if (table.getType().isRecord() && keys(table.getType()).containsKey(name)) {
                found.add(keyOf(table) + "." + name);
            }
        }
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Suggests the intended word for a misspelled one. */
    private static final class Spelling {
        private Spelling() {}

        /** The nearest word within two edits, or within a third of the letters for a long word. */
        static Optional<String> nearest(String word, Collection<String> words) {
            return words.stream()
                    .min(Comparator.comparingInt(candidate -> edits(word, candidate)))
                    .filter(candidate -> edits(word, candidate) <= Math.max(2, word.length() / 3))
                    .filter(candidate -> edits(word, candidate) < candidate.length());
        }

        /** The Levenshtein distance: number of insertions, deletions and replacements. */
        static int edits(String from, String to) {
            int[] row = new int[to.length() + 1];
            for (int j = 0; j <= to.length(); j++) {
                row[j] = j;
            }
            for (int i = 1; i <= from.length(); i++) {
                int diagonal = row[0];
                row[0] = i;
                for (int j = 1; j <= to.length(); j++) {
                    int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                    diagonal = row[j];
                    row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
                }
            }
            return row[to.length()];
        }
    }
}
