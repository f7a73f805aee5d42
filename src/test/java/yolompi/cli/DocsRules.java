package yolompi.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import yolompi.recipe.RecipeFile;

/**
 * Compares documentation with the program. Each method returns what a page names and the program,
 * its sources or its scripts do not have.
 */
final class DocsRules {
    private static final Path SOURCES = Path.of("src/main/java/yolompi");
    private static final List<Path> JAVA = List.of(Path.of("src/main/java"), Path.of("src/test/java"));
    private static final List<Path> SCRIPTS = List.of(Path.of("mpi"), Path.of("slurm"), Path.of("data-prep"));

    /** What stands before the arguments of the program. */
    private static final Pattern LAUNCHER = Pattern.compile("(?:yolo-mpi\\.(?:jar|sif)|(?<![\\w/])yolo-mpi"
            + "|mpi/run\\.sh (?:\\d+|NP?)|slurm/(?<job>train|eval|pack)\\.sbatch)(?= )");

    private static final Pattern END_OF_COMMAND = Pattern.compile(" (?:&&|\\||#|>)|;");
    private static final Pattern OPTION = Pattern.compile("\\[?(--[a-z][a-z0-9-]*)");
    private static final Pattern SET = Pattern.compile("--set[ =]([a-z0-9_.]+)=");
    private static final Pattern TABLE = Pattern.compile("\\[([a-z]+)].*");
    private static final Pattern ASSIGNMENT = Pattern.compile("([a-z0-9_.]+) = .*");
    private static final Pattern KEY = Pattern.compile("([a-z]+)\\.([a-z0-9_]+)(?: = .*)?");
    private static final Set<String> FILE_ENDINGS =
            Set.of("csv", "h5", "html", "json", "log", "sbatch", "toml", "txt", "yaml");
    private static final Pattern PATH = Pattern.compile("(?<![\\w/.-])(?:mpi|slurm|data-prep|src)/[\\w./-]*\\w");
    private static final Pattern CLASS = Pattern.compile("([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?");

    private static final Pattern COMPOUND = Pattern.compile("\\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\\b");

    private final CommandLine program = Main.commandLine();
    private final Set<String> keys =
            RecipeFile.entries(RecipeFile.parse("defaults", "", List.of())).keySet();
    private final Set<String> tables = keys.stream()
            .filter(key -> key.contains("."))
            .map(key -> key.substring(0, key.indexOf('.')))
            .collect(Collectors.toSet());
    private final Map<String, Path> classes = new HashMap<>();
    private final Set<String> options = new HashSet<>();

    DocsRules() throws IOException {
        for (Path root : JAVA) {
            for (Path file : filesBelow(root)) {
                classes.put(file.getFileName().toString().replace(".java", ""), file);
            }
        }
        addOptions(program);
        for (Path folder : SCRIPTS) {
            for (Path file : filesBelow(folder)) {
                if (!file.toString().endsWith(".md")) {
                    String script = Files.readString(file, StandardCharsets.ISO_8859_1);
                    OPTION.matcher(script).results().forEach(option -> options.add(option.group(1)));
                }
            }
        }
    }

    private void addOptions(CommandLine command) {
        options.addAll(command.getCommandSpec().optionsMap().keySet());
        command.getSubcommands().values().forEach(this::addOptions);
    }

    static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Relative links to missing files or headings. */
    List<String> brokenLinks(MarkdownPage page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : page.links()) {
            if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
                broken.add(link);
            }
        }
        return broken;
    }

    private static boolean leadsSomewhere(MarkdownPage page, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = page.file().resolveSibling(path).normalize();
        boolean ownHeading = path.isEmpty();
        if (hash < 0 || (!ownHeading && !Files.exists(target))) {
            return hash < 0 && Files.exists(target);
        }
        MarkdownPage linked = ownHeading ? page : MarkdownPage.read(target);
        return linked.anchors().contains(link.substring(hash + 1));
    }

    /** Unknown commands, and options that the command before them does not have. */
    List<String> unknownArguments(MarkdownPage page) {
        List<String> unknown = new ArrayList<>();
        for (String text : page.spansAndCode()) {
            Matcher launcher = LAUNCHER.matcher(text);
            while (launcher.find()) {
                String arguments = END_OF_COMMAND.split(text.substring(launcher.end()), 2)[0];
                String job = launcher.group("job");
                unknown.addAll(unknownIn(words(job == null ? arguments : job + arguments)));
            }
        }
        for (String span : page.spans()) {
            List<String> words = words(span);
            if (!words.isEmpty() && program.getSubcommands().containsKey(words.get(0))) {
                unknown.addAll(unknownIn(words));
            }
        }
        return unknown;
    }

    private List<String> unknownIn(List<String> words) {
        CommandLine command = program;
        int next = 0;
        while (next < words.size() && command.getSubcommands().containsKey(words.get(next))) {
            command = command.getSubcommands().get(words.get(next));
            next++;
        }
        List<String> unknown = new ArrayList<>();
        boolean needsCommand = !command.getSubcommands().isEmpty() && next < words.size();
        if (needsCommand && words.get(next).matches("[a-z][a-z-]*")) {
            unknown.add(words.get(next));
        }
        Set<String> known = command.getCommandSpec().optionsMap().keySet();
        for (String word : words) {
            Matcher option = OPTION.matcher(word);
            if (option.lookingAt() && !known.contains(option.group(1))) {
                unknown.add(command.getCommandName() + " " + option.group(1));
            }
        }
        return unknown;
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Options in a span of their own that neither a command nor a script has. */
    List<String> unknownOptions(MarkdownPage page) {
        return page.spans().stream()
                .map(OPTION::matcher)
                .filter(Matcher::lookingAt)
                .map(option -> option.group(1))
                .filter(option -> !options.contains(option))
                .toList();
    }

    /**
     * Recipe keys that do not exist: after {@code --set}, in spans, and in code blocks with TOML.
     */
    List<String> unknownKeys(MarkdownPage page) {
        Set<String> named = new LinkedHashSet<>(keysOfToml(page.code()));
        for (String text : page.spansAndCode()) {
            SET.matcher(text).results().map(match -> match.group(1)).forEach(named::add);
        }
        named.remove("key"); // --set key=value
        for (String span : page.spans()) {
            Matcher key = KEY.matcher(span);
            if (key.matches() && tables.contains(key.group(1)) && !isFileOrPackage(key.group(1), key.group(2))) {
                named.add(key.group(1) + "." + key.group(2));
            }
        }
        return named.stream().filter(key -> !keys.contains(key)).toList();
    }

    private List<String> keysOfToml(List<String> code) {
        List<String> found = new ArrayList<>();
        String table = "";
        for (String line : code) {
            Matcher header = TABLE.matcher(line);
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (line.isBlank()) {
                table = "";
            } else if (header.matches()) {
                table = header.group(1);
            } else if (assignment.matches() && table.equals("sweep")) {
                found.add(assignment.group(1));
            } else if (assignment.matches() && tables.contains(table)) {
                found.add(table + "." + assignment.group(1));
            }
        }
        return found;
    }

    private static boolean isFileOrPackage(String name, String more) {
        return FILE_ENDINGS.contains(more)
                || Files.isDirectory(SOURCES.resolve(name).resolve(more));
    }

    /** Files of this project that do not exist. */
    List<String> missingFiles(MarkdownPage page) {
        return page.spansAndCode().stream()
                .flatMap(text -> PATH.matcher(text).results())
                .map(match -> match.group())
                .filter(path -> !Files.exists(Path.of(path)))
                .toList();
    }

    /** Classes without a source file, and members that the file does not contain. */
    List<String> unknownClasses(MarkdownPage page) throws IOException {
        List<String> unknown = new ArrayList<>();
        for (String span : page.spans()) {
            Matcher name = CLASS.matcher(span);
            if (name.matches() && !isInSources(name.group(1), name.group(2))) {
                unknown.add(span);
            }
        }
        return unknown;
    }

    /** Words such as {@code BatchLoader} in code blocks, as in a diagram, that are not classes. */
    List<String> unknownCompounds(MarkdownPage page) {
        return page.code().stream()
                .flatMap(line -> COMPOUND.matcher(line).results())
                .map(match -> match.group())
                .filter(word -> !classes.containsKey(word))
                .toList();
    }

    private boolean isInSources(String name, String member) throws IOException {
        Path file = classes.get(name);
        return file != null
                && (member == null
                        || Pattern.compile("\\b" + member + "\\b")
                                .matcher(Files.readString(file))
                                .find());
    }

    /**
     * The packages of a map: {@code data} and {@code .shard .image} in a cell are three packages.
     */
    static Set<String> packagesOfMap(List<String> cells) {
        Set<String> packages = new TreeSet<>();
        for (String cell : cells) {
            String outer = "";
            for (String span : MarkdownPage.spansIn(cell)) {
                if (span.startsWith(".")) {
                    for (String inner : words(span)) {
                        packages.add(outer + inner);
                    }
                } else {
                    outer = span;
                    packages.add(outer);
                }
            }
        }
        return packages;
    }

    /** All packages with sources, without the root package's name. */
    static Set<String> packagesOfSources() throws IOException {
        return filesBelow(SOURCES).stream()
                .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
