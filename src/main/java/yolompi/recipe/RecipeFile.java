package yolompi.recipe;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.fasterxml.jackson.dataformat.toml.TomlReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import yolompi.InputException;
import yolompi.WrongUsageException;

/**
 * Reads and writes recipes. A TOML file is merged into the defaults, then {@code key=value}
 * overrides are applied, then the result is bound to the records.
 *
 * <p>Every error is an {@link InputException} that names the file or override, the full key, what
 * was found and what is valid. Paths in a recipe are relative to the current directory.
 */
public final class RecipeFile {
    // Parses dates as dates, so that no date passes for a string.
    private static final TomlMapper TOML =
            TomlMapper.builder().enable(TomlReadFeature.PARSE_JAVA_TIME).build();

    // jackson-dataformat-toml silently drops the first digit of a 19-digit integer (its issue 663).
    private static final Pattern MISREAD_INTEGER =
            Pattern.compile("^[^=#\\n]*=\\s*[+-]?[0-9](_?[0-9]){18,}\\s*(#.*)?$", Pattern.MULTILINE);

    private RecipeFile() {}

    /**
     * Reads a recipe from a file.
     *
     * @param overrides each {@code table.key=value}; a later one replaces an earlier one. A value
     *     is TOML; strings need no quotes
     */
    public static Recipe read(Path file, List<String> overrides) {
        return parse(file.toString(), text(file), overrides);
    }

    /**
     * Reads a recipe from text.
     *
     * @param source name of the text in messages
     */
    public static Recipe parse(String source, String toml, List<String> overrides) {
        ObjectNode tree = defaults();
        lay(tree, parseToml(source, toml), source);
        return overrides.isEmpty() ? bind(tree, source) : overridden(source, tree, overrides);
    }

    /** Errors in the overrides are wrong usage; errors in the text are not. */
    private static Recipe overridden(String source, ObjectNode tree, List<String> overrides) {
        ObjectNode unchanged = tree.deepCopy();
        try {
            overrides.forEach(override -> lay(tree, parseOverride(override), "--set " + override));
        } catch (InputException e) {
            throw new WrongUsageException(e.getMessage(), e);
        }
        try {
            return bind(tree, source + " with --set " + String.join(" --set ", overrides));
        } catch (InputException e) {
            throw binds(unchanged) ? new WrongUsageException(e.getMessage(), e) : e;
        }
    }

    private static boolean binds(ObjectNode tree) {
        try {
            RecipeSchema.bind(Recipe.class, tree);
            return true;
        } catch (InputException e) {
            return false;
        }
    }

    /**
     * Checks ranges after all changes, because a range may depend on two keys (micro_batch, batch).
     */
    private static Recipe bind(ObjectNode tree, String place) {
        try {
            return RecipeSchema.bind(Recipe.class, tree);
        } catch (InputException e) {
            throw new InputException(place + ": " + e.getMessage(), e);
        }
    }

    /**
     * A copy of a recipe with some keys changed by the program.
     *
     * @param source name of the change in messages, such as the option that caused it
     * @throws WrongUsageException if a value is invalid
     */
    public static Recipe changed(Recipe recipe, String source, String... overrides) {
        ObjectNode tree = parseToml(source, toToml(recipe));
        try {
            for (String override : overrides) {
                lay(tree, parseOverride(override), source);
            }
            return bind(tree, source);
        } catch (InputException e) {
            throw new WrongUsageException(e.getMessage(), e);
        }
    }

    /** An override that sets a key to exactly this text, with any characters escaped. */
    public static String override(String key, String text) {
        return key + "=" + RecipeValue.toToml(text);
    }

    /** The recipe as TOML with all keys; {@link #parse} reads an equal recipe from it. */
    public static String toToml(Recipe recipe) {
        StringBuilder text = new StringBuilder();
        String table = "";
        for (Map.Entry<String, Object> entry : RecipeSchema.flatten(recipe).entrySet()) {
            int dot = entry.getKey().lastIndexOf('.');
            String tableOfKey = entry.getKey().substring(0, Math.max(0, dot));
            if (!tableOfKey.equals(table)) {
                table = tableOfKey;
                text.append("\n[").append(table).append("]\n");
            }
            text.append(entry.getKey().substring(dot + 1)).append(" = ");
            text.append(RecipeValue.toToml(entry.getValue())).append('\n');
        }
        return text.toString();
    }

    /** The TOML values of all keys, by full key, in the order of the file. */
    public static Map<String, String> entries(Recipe recipe) {
        Map<String, String> entries = new LinkedHashMap<>();
        RecipeSchema.flatten(recipe).forEach((key, value) -> entries.put(key, RecipeValue.toToml(value)));
        return entries;
    }

    /**
     * Parses any TOML as a tree.
     *
     * @param source name of the text in messages
     */
    public static JsonNode tree(String source, String toml) {
        return parseToml(source, toml);
    }

    /** The text of {@code defaults.toml}: every key with its default and a comment. */
    public static String defaultText() {
        try (InputStream in = RecipeFile.class.getResourceAsStream("defaults.toml")) {
            if (in == null) {
                throw new IllegalStateException("The resource yolompi/recipe/defaults.toml is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tree of all keys with their default values. */
    static ObjectNode defaults() {
        return parseToml("defaults.toml", defaultText());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file; expected a recipe (TOML)", e);
        } catch (IOException e) {
            if (Files.isDirectory(file)) {
                throw new InputException(file + ": found a folder, expected a recipe (TOML)", e);
            }
            String why = e instanceof CharacterCodingException ? "it contains other bytes" : e.getMessage();
            throw new InputException(file + ": can't be read as UTF-8 text: " + why, e);
        }
    }

    private static ObjectNode parseToml(String source, String toml) {
        refuseMisread(source, toml);
        try {
            return (ObjectNode) TOML.readTree(toml);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new InputException(
                    "%s, line %d, column %d: not valid TOML: %s"
                            .formatted(source, at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()),
                    e);
        }
    }

    private static ObjectNode parseOverride(String override) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new InputException("--set " + override + ": expected key=value, such as train.epochs=10");
        }
        String[] path = override.substring(0, equals).strip().split("\\.", -1);
        String text = override.substring(equals + 1).strip();
        JsonNode value = overrideValue(override, text);
        if (RecipeSchema.holdsText(path) && !value.isContainerNode() && !value.isTextual()) {
            value = JsonNodeFactory.instance.textNode(text); // such as a folder 2024, or layer 0 of model.freeze
        }
        for (int i = path.length - 1; i > 0; i--) {
            value = JsonNodeFactory.instance.objectNode().set(path[i], value);
        }
        return JsonNodeFactory.instance.objectNode().set(path[0], value);
    }

    private static void refuseMisread(String place, String toml) {
        Matcher misread = MISREAD_INTEGER.matcher(toml);
        if (misread.find()) {
            throw new InputException(place + ": " + misread.group().strip() + ": expected at most 18 digits");
        }
    }

    private static JsonNode overrideValue(String override, String text) {
        refuseMisread("--set " + override, "value = " + text);
        try {
            JsonNode parsed = TOML.readTree("value = " + text);
            if (parsed.size() == 1) {
                return parsed.get("value");
            }
        } catch (JsonProcessingException e) {
            if (!text.isEmpty() && "\"'[{".indexOf(text.charAt(0)) >= 0) {
                throw new InputException(
                        "--set " + override + ": the value is not valid TOML: " + e.getOriginalMessage(), e);
            }
        }
        return JsonNodeFactory.instance.textNode(text);
    }

    private static void lay(ObjectNode under, ObjectNode over, String place) {
        try {
            RecipeSchema.check(Recipe.class, over);
        } catch (InputException e) {
            throw new InputException(place + ": " + e.getMessage(), e);
        }
        merge(under, over);
    }

    private static void merge(ObjectNode under, ObjectNode over) {
        for (Map.Entry<String, JsonNode> entry : over.properties()) {
            if (entry.getValue() instanceof ObjectNode table) {
                merge((ObjectNode) under.get(entry.getKey()), table);
            } else {
                under.set(entry.getKey(), entry.getValue());
            }
        }
    }
}
