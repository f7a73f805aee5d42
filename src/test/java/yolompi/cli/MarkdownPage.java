package yolompi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parts of a Markdown file that the documentation tests check.
 *
 * @param prose lines outside of code blocks
 * @param code lines of code blocks; lines that end with a backslash are joined with the next one,
 *     and an empty line ends each block
 */
record MarkdownPage(Path file, List<String> prose, List<String> code) {
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#+ (.*)");

    static MarkdownPage read(Path file) throws IOException {
        return parse(file, Files.readString(file));
    }

    static MarkdownPage parse(Path file, String text) {
        List<String> prose = new ArrayList<>();
        List<String> code = new ArrayList<>();
        StringBuilder command = new StringBuilder();
        boolean inCode = false;
        for (String line : text.lines().toList()) {
            if (line.strip().startsWith("```")) {
                if (inCode) {
                    code.add("");
                }
                inCode = !inCode;
            } else if (!inCode) {
                prose.add(line);
            } else if (line.endsWith("\\")) {
                command.append(line, 0, line.length() - 1);
            } else {
                code.add(command.append(line).toString());
                command.setLength(0);
            }
        }
        return new MarkdownPage(file, List.copyOf(prose), List.copyOf(code));
    }

    /** Texts between backticks. */
    List<String> spans() {
        return firstGroups(SPAN, prose);
    }

    List<String> spansAndCode() {
        return Stream.concat(spans().stream(), code.stream()).toList();
    }

    /** Targets of links and images. */
    List<String> links() {
        return firstGroups(LINK, prose);
    }

    /** The anchors that code hosts derive from headings. */
    Set<String> anchors() {
        return prose.stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(heading -> anchor(heading.group(1)))
                .collect(Collectors.toSet());
    }

    private static String anchor(String heading) {
        String text = heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
        return text.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
    }

    /** First cells of the table rows in the section with this heading. */
    List<String> firstCells(String heading) {
        return prose.stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !HEADING.matcher(line).matches())
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split("\\|", -1)[1].strip())
                .toList();
    }

    static List<String> spansIn(String text) {
        return firstGroups(SPAN, List.of(text));
    }

    private static List<String> firstGroups(Pattern pattern, List<String> lines) {
        return lines.stream()
                .flatMap(line -> pattern.matcher(line).results())
                .map(match -> match.group(1))
                .toList();
    }
}
