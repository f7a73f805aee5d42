package yolompi.recipe;

import java.util.List;

/**
 * The recipe reference in Markdown, generated from {@code defaults.toml}: one section per table,
 * one row per key with its default and its comment.
 */
public final class RecipeReference {
    /** Rewrites the page; a test compares the page with {@link #markdown()}. */
    static final String COMMAND = "java -jar target/yolo-mpi.jar recipe --markdown > src/docs/recipe.md";

    private static final String HEADER =
            "<!-- Generated from src/main/resources/yolompi/recipe/defaults.toml. Edit that file, then run:\n     "
                    + COMMAND + " -->\n" + """

            # Recipe reference

            A recipe is a TOML file. It states only the keys that it changes; all other keys have their defaults.

            - `yolo-mpi recipe --defaults` prints all keys with their defaults as TOML.
            - `yolo-mpi recipe RECIPE` checks a recipe and prints the values of all keys.
            - `--set KEY=VALUE` changes one key for one run, such as `--set train.epochs=10`.

            Paths are relative to the current directory.
            """;

    private static final String TABLE_HEAD = """

            | key | default | meaning |
            | --- | --- | --- |
            """;

    private final StringBuilder page = new StringBuilder(HEADER);
    private final StringBuilder comment = new StringBuilder();
    private String prefix = "";
    private String key = "";
    private String value = "";
    private boolean inTable;

    private RecipeReference() {}

    /** The page {@code src/docs/recipe.md}. */
    public static String markdown() {
        return markdown(RecipeFile.defaultText());
    }

    /**
     * The page for other defaults.
     *
     * @param toml tables and keys, one per line; an indented comment line continues the comment
     *     above; comments at the start of a line are skipped
     */
    static String markdown(String toml) {
        RecipeReference reference = new RecipeReference();
        toml.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).forEach(reference::add);
        reference.finishEntry();
        return reference.page.toString();
    }

    private void add(String line) {
        int hash = commentStart(line);
        String text = line.substring(Math.min(hash + 1, line.length())).strip();
        String code = line.substring(0, hash).strip();
        if (code.isEmpty()) {
            comment.append(' ').append(text);
            return;
        }
        finishEntry();
        comment.append(text);
        if (code.startsWith("[")) {
            prefix = code.substring(1, code.length() - 1) + ".";
        } else {
            int equals = code.indexOf('=');
            key = prefix + code.substring(0, equals).strip();
            value = code.substring(equals + 1).strip();
        }
    }

    /** Appends the row or the section whose comment is now complete. */
    private void finishEntry() {
        if (!key.isEmpty()) {
            if (!inTable) {
                page.append(TABLE_HEAD);
            }
            List<String> cells = List.of("`" + key + "`", "`" + value + "`", escaped(comment.toString()));
            page.append("| ").append(String.join(" | ", cells)).append(" |\n");
            inTable = true;
        } else if (!prefix.isEmpty()) {
            page.append("\n## [").append(prefix, 0, prefix.length() - 1).append("]\n");
            page.append(comment.isEmpty() ? "" : "\n" + escaped(comment.toString()) + "\n");
            inTable = false;
        }
        key = "";
        comment.setLength(0);
    }

    /** The position of the comment, or the length of a line without one. */
    private static int commentStart(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '"') {
                quoted = !quoted;
            } else if (line.charAt(i) == '#' && !quoted) {
                return i;
            }
        }
        return line.length();
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
