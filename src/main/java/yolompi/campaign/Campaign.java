package yolompi.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.io.AtomicFile;
import yolompi.recipe.IntegerRanges;
import yolompi.recipe.RecipeFile;

/**
 * A folder of runs that differ in a few keys:
 *
 * <pre>
 * runs.csv            number of each run and its values
 * recipes/0001.toml   the complete, checked recipe of run 1
 * 0001/               run 1
 * 0001/finished       exists when the run is finished
 * sweep.toml          the sweep of the campaign
 * jobs                the job arrays that slurm/campaign submitted, one per line
 * </pre>
 */
public record Campaign(Path folder) {
    private static final String TABLE = "runs.csv";
    private static final String FINISHED = "finished";

    /** A run and whether it is finished. */
    public record Run(int number, Path folder, boolean finished) {}

    /**
     * Creates the folder with the recipe of each run.
     *
     * @throws InputException if the sweep or one of its recipes is invalid, or if the folder
     *     already holds a campaign; then nothing is written
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
                        + " already holds a campaign; start or resume its runs with slurm/campaign --continue "
                        + folder + ", or choose another folder");
            }
            Files.createDirectories(folder.resolve("recipes"));
            for (Map.Entry<Integer, String> recipe : recipes.entrySet()) {
                write(folder.resolve("recipes").resolve(name(recipe.getKey()) + ".toml"), recipe.getValue());
            }
            write(folder.resolve("sweep.toml"), text);
            // Last, because this file makes the folder a campaign.
            write(folder.resolve(TABLE), table(sweep));
        } catch (IOException e) {
            throw new InputException(folder + ": can't create the folder of the campaign: " + e.getMessage(), e);
        }
        return new Campaign(folder);
    }

    /**
     * Opens a folder that {@link #plan} created.
     *
     * @throws InputException if the folder holds no campaign
     */
    public static Campaign open(Path folder) {
        if (!Files.isRegularFile(folder.resolve(TABLE))) {
            throw new InputException(folder + ": found no " + TABLE
                    + ", expected the folder of a campaign; create one with 'campaign plan'");
        }
        return new Campaign(folder);
    }

    /** All runs, started or not, by number. */
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
            throw new InputException(folder.resolve(TABLE) + ": not a valid table of a campaign: " + e.getMessage(), e);
        }
    }

    /**
     * The numbers of the unfinished runs, as a Slurm array specification such as {@code 1-3,7}; may
     * be empty.
     */
    public String pending() {
        return pendingWithout(Set.of());
    }

    /** As {@link #pending()}, without some runs, such as those in Slurm's queue. */
    public String pendingWithout(Set<Integer> leftOut) {
        List<Integer> numbers = runs().stream()
                .filter(run -> !run.finished())
                .map(Run::number)
                .filter(number -> !leftOut.contains(number))
                .toList();
        return String.join(",", IntegerRanges.of(numbers));
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

    /** A CSV field (RFC 4180); strings without the quotes of TOML. */
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
            String why = e instanceof CharacterCodingException ? "it contains other bytes" : e.getMessage();
            throw new InputException(file + ": can't be read as UTF-8 text: " + why, e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
