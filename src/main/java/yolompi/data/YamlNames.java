package yolompi.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import yolompi.InputException;

/**
 * The class names in a {@code data.yaml}, as Ultralytics' and Roboflow's data sets bring it: its key {@code names}, a list or numbers from 0 with
 * their names, each in one of YAML's two ways. No more of YAML is understood.
 */
final class YamlNames {
    private static final Pattern KEY = Pattern.compile("names\\s*:\\s*(.*)");
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");
    private static final Pattern ITEM = Pattern.compile("-\\s+(.+)");
    private static final Pattern ENTRY = Pattern.compile("(\\d+)\\s*:\\s*(.+)");
    private static final Pattern BETWEEN_COMMAS =
            Pattern.compile("\\s*((?:\\d+\\s*:\\s*)?(?:\"[^\"]*\"|'(?:[^']|'')*'|[^,]+?))\\s*(,|$)");

    private final Path file;
    private final List<String> names = new ArrayList<>();

    private YamlNames(Path file) {
        this.file = file;
    }

    /**
     * Reads them in the order of their numbers.
     *
     * @throws InputException where the file has none, or has them in another form
     */
    static List<String> in(Path file) {
        List<String> lines = TextLines.all(file).stream()
                .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher key = KEY.matcher(lines.get(i));
            if (key.matches()) {
                YamlNames found = new YamlNames(file);
                found.read(key.group(1), lines.subList(i + 1, lines.size()));
                return found.names;
            }
        }
        throw new InputException(file + ": found no key 'names', expected the list of class names there");
    }

    private void read(String value, List<String> after) {
        if (value.isEmpty()) {
            for (int i = 0; i < after.size() && isAdded(after.get(i)); i++) {}
        } else {
            readBracketed(value + " " + String.join(" ", after));
        }
        if (names.isEmpty()) {
            throw malformed("found none");
        }
    }

    private void readBracketed(String text) {
        boolean isList = text.startsWith("[");
        int end = text.indexOf(isList ? ']' : '}');
        boolean isMap = text.startsWith("{");
        if ((!isList && !isMap) || end < 0) {
            throw malformed("found '%.40s'".formatted(text));
        }
        Matcher each = BETWEEN_COMMAS.matcher(text.substring(1, end).strip());
        while (each.find()) {
            if (!isAdded(isList ? "- " + each.group(1) : each.group(1))) {
                throw malformed("found '%s'".formatted(each.group(1)));
            }
        }
    }

    /** Takes a line of the list; false where it is none. */
    private boolean isAdded(String line) {
        Matcher item = ITEM.matcher(line);
        if (item.matches()) {
            names.add(unquoted(item.group(1)));
            return true;
        }
        Matcher entry = ENTRY.matcher(line);
        if (!entry.matches()) {
            return false;
        }
        if (!entry.group(1).equals(String.valueOf(names.size()))) {
            throw malformed("found number %s, expected %d".formatted(entry.group(1), names.size()));
        }
        names.add(unquoted(entry.group(2)));
        return true;
    }

    private static String unquoted(String name) {
        boolean isQuoted = name.length() > 1
                && (name.startsWith("'") || name.startsWith("\""))
                && name.endsWith(name.substring(0, 1));
        return isQuoted ? name.substring(1, name.length() - 1).replace("''", "'") : name;
    }

    private InputException malformed(String found) {
        return new InputException(("%s: names: %s; expected [a, b], or lines '- a' or '0: a';"
                        + " or give --names a text file with one class name a line")
                .formatted(file, found));
    }
}
