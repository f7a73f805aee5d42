package yolompi.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.AtomicFile;
import yolompi.InputException;
import yolompi.recipe.RecipeFile;

/**
 * A folder of runs that differ in a few keys:
 *
 * <pre>
 * runs.csv            number of each run and its values
 * recipes/0001.toml   the whole recipe of run 1, checked
 * 0001/               run 1
 * 0001/finished       is there when it was trained to its end
 * sweep.toml          what the campaign was made from
 * jobs                the job arrays that slurm/campaign submitted, one a line
 * </pre>
 */
public record Campaign(Path folder) {
    private static final String TABLE = "runs.csv";
    private static final String FINISHED = "finished";

    /** A run and where it stands. */
    public record Run(int number, Path folder, boolean finished) {}

    /**
     * Makes the folder, with the recipe of each run.
     *
     * @throws InputException where the sweep or any of its recipes is wrong, or the folder is taken; nothing is left behind
     */
    public static Campaign plan(Path sweepFile, Path folder) {
        String source = sweepFile.toString();
        String text = read(sweepFile);
        Sweep sweep = Sweep.parse(source, text);
        Map<Integer, String> recipes = new TreeMap<>();
        for (int number = 1; number <= sweep.runs().size(); number++) {
            recipes.put(number, RecipeFile.toToml(sweep.recipeOf(source, number)));
        }
        try {
            if (Files.exists(folder.resolve(TABLE))) {
                throw new InputException(folder
                        + " holds a campaign already; begin its runs, or go on with them, by slurm/campaign --continue "
                        + folder + ", or choose another folder");
            }
            Files.createDirectories(folder.resolve("recipes"));
            for (Map.Entry<Integer, String> recipe : recipes.entrySet()) {
                write(folder.resolve("recipes").resolve(name(recipe.getKey()) + ".toml"), recipe.getValue());
            }
            write(folder.resolve("sweep.toml"), text);
            // Last: what makes the folder a campaign.
            write(folder.resolve(TABLE), table(sweep));
        } catch (IOException e) {
            throw new InputException(folder + ": can't make the campaign's folder: " + e.getMessage(), e);
        }
        return new Campaign(folder);
    }

    /**
     * Opens a folder that {@link #plan} made.
     *
     * @throws InputException where it holds no campaign
     */
    public static Campaign open(Path folder) {
        if (!Files.isRegularFile(folder.resolve(TABLE))) {
            throw new InputException(
                    folder + ": found no " + TABLE + ", expected the folder of a campaign; 'campaign plan' makes one");
        }
        return new Campaign(folder);
    }

    /** All runs, begun or not, by number. */
    public List<Run> runs() {
        try (Stream<String> lines = Files.lines(folder.resolve(TABLE))) {
            return lines.skip(1)
                    .map(line -> Integer.parseInt(line.substring(0, line.indexOf(','))))
                    .map(number -> new Run(
                            number,
                            folder.resolve(name(number)),
                            Files.exists(folder.resolve(name(number)).resolve(FINISHED))))
                    .toList();
        } catch (IOException | UncheckedIOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new InputException(
                    folder.resolve(TABLE) + ": can't be read as the table of a campaign: " + e.getMessage(), e);
        }
    }

    /** The numbers of the runs that aren't finished, as Slurm takes them for an array: {@code 1-3,7}; empty where all are. */
    public String pending() {
        return pendingWithout(Set.of());
    }

    /** The same without some runs, such as those that are in Slurm's queue. */
    public String pendingWithout(Set<Integer> leftOut) {
        List<Integer> numbers = runs().stream()
                .filter(run -> !run.finished())
                .map(Run::number)
                .filter(number -> !leftOut.contains(number))
                .toList();
        List<String> ranges = new ArrayList<>();
        for (int begin = 0; begin < numbers.size(); ) {
            int end = begin;
            while (end + 1 < numbers.size() && numbers.get(end + 1) == numbers.get(end) + 1) {
                end++;
            }
            ranges.add(begin == end ? "" + numbers.get(begin) : numbers.get(begin) + "-" + numbers.get(end));
            begin = end + 1;
        }
        return String.join(",", ranges);
    }

    private static String name(int number) {
        return "%04d".formatted(number);
    }

    private static String table(Sweep sweep) {
        List<String> keys = List.copyOf(sweep.runs().get(0).keySet());
        String header = Stream.concat(Stream.of("run"), keys.stream()).collect(Collectors.joining(","));
        return IntStream.rangeClosed(1, sweep.runs().size())
                .mapToObj(number -> Stream.concat(
                                Stream.of(name(number)),
                                keys.stream()
                                        .map(key -> quoted(
                                                sweep.runs().get(number - 1).get(key))))
                        .collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n", header + "\n", "\n"));
    }

    /** As RFC 4180 has it; texts without TOML's quotes. */
    private static String quoted(String toml) {
        boolean text = toml.startsWith("\"") && toml.indexOf('\\') < 0;
        String value = text ? toml.substring(1, toml.length() - 1) : toml;
        boolean plain = value.chars().noneMatch(letter -> letter == ',' || letter == '"' || letter == '\n');
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file; expected a sweep (TOML)", e);
        } catch (IOException e) {
            String why = e instanceof CharacterCodingException ? "it holds other bytes" : e.getMessage();
            throw new InputException(file + ": can't be read as UTF-8 text: " + why, e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
