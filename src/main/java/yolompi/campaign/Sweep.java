package yolompi.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import yolompi.InputException;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/**
 * The runs of a campaign. Format of the file (TOML):
 *
 * <pre>{@code
 * recipe = "src/recipes/shapes-tiny.toml"  # relative to the current directory
 * samples = 3    # random draws for each combination of the other keys; default 1
 * seed = 1       # seed of the draws; default 0
 *
 * [sweep]
 * optimizer.kind = ["sgd", "adamw"]                # a list
 * train.batch = { from = 16, to = 64, step = 16 }  # a range with a step
 * optimizer.weight_decay = { from = 0.0001, to = 0.01, steps = 3, scale = "log" }  # 3 values
 * optimizer.learning_rate = { min = 0.001, max = 0.1, scale = "log" }  # drawn for each run
 * }</pre>
 *
 * @param recipe the recipe whose keys the runs change
 * @param runs the changes of each run: TOML values by key
 */
record Sweep(Path recipe, List<Map<String, String>> runs) {
    /** Maximum number of runs: Slurm's default limit for an array (MaxArraySize). */
    static final int MAX_RUNS = 1000;

    private static final Set<String> KEYS = Set.of("recipe", "samples", "seed", "sweep");

    /** @throws InputException if the text is invalid or describes too many runs */
    static Sweep parse(String source, String toml) {
        JsonNode tree = RecipeFile.tree(source, toml);
        for (Iterator<String> names = tree.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KEYS.contains(name)) {
                throw new InputException("%s: unknown key %s; expected %s"
                        .formatted(source, name, String.join(", ", new TreeSet<>(KEYS))));
            }
        }
        Variable.Fields fields = new Variable.Fields(source, tree);
        fields.require(tree.path("recipe").isTextual(), "recipe = \"FILE\"");
        List<Variable> variables = new ArrayList<>();
        collect(source, "", tree.path("sweep"), variables);
        fields.require(!variables.isEmpty(), "a table [sweep] with at least one key");
        long samples = whole(source, tree, "samples", 1);
        if (samples < 1) {
            throw new InputException(source + ": samples = " + samples + ": expected at least 1");
        }
        return new Sweep(
                Path.of(tree.get("recipe").asText()),
                combine(source, variables, samples, whole(source, tree, "seed", 0)));
    }

    private static long whole(String source, JsonNode tree, String key, long otherwise) {
        JsonNode value = tree.path(key);
        if (!value.isMissingNode() && !value.canConvertToExactIntegral()) {
            throw new InputException("%s: %s = %s: expected an integer".formatted(source, key, value));
        }
        return value.asLong(otherwise);
    }

    /**
     * Collects the keys. A nested table is part of a key, unless it describes a range or limits.
     */
    private static void collect(String source, String prefix, JsonNode table, List<Variable> variables) {
        table.properties().forEach(entry -> {
            String key = prefix + entry.getKey();
            JsonNode value = entry.getValue();
            boolean isVariable =
                    value.isArray() || value.has("from") || value.has("to") || value.has("min") || value.has("max");
            if (isVariable) {
                variables.add(Variable.of(source, key, value));
            } else if (value.isObject()) {
                collect(source, key + ".", value, variables);
            } else {
                throw new InputException(
                        ("%s, sweep.%s: found %s, expected a list, {from, to, steps} or {min, max}; put a value of all"
                                        + " runs into the recipe")
                                .formatted(source, key, value));
            }
        });
    }

    private static List<Map<String, String>> combine(String source, List<Variable> variables, long samples, long seed) {
        boolean draws = variables.stream().anyMatch(Variable.Drawn.class::isInstance);
        if (samples > 1 && !draws) {
            throw new InputException(source + ": samples = " + samples
                    + " without a key that is drawn ({min, max}): all runs would be the same");
        }
        List<Map<String, String>> runs = new ArrayList<>(List.of(Map.of()));
        for (Variable variable : variables) {
            if (variable instanceof Variable.Listed listed) {
                runs = with(runs, listed);
                requireFew(source, runs.size());
            }
        }
        requireFew(source, samples);
        requireFew(source, samples * runs.size());
        List<Map<String, String>> complete = new ArrayList<>();
        for (Map<String, String> run : runs) {
            for (int sample = 0; sample < samples; sample++) {
                complete.add(drawn(run, variables, new SplittableRandom(seed + 31L * complete.size())));
            }
        }
        return complete;
    }

    private static void requireFew(String source, long runs) {
        if (runs > MAX_RUNS) {
            throw new InputException(
                    ("%s: found %d runs or more, expected at most %d; list fewer values, or draw some ({min, max},"
                                    + " samples)")
                            .formatted(source, runs, MAX_RUNS));
        }
    }

    private static List<Map<String, String>> with(List<Map<String, String>> runs, Variable.Listed listed) {
        List<Map<String, String>> longer = new ArrayList<>();
        for (Map<String, String> run : runs) {
            for (String value : listed.values()) {
                Map<String, String> more = new LinkedHashMap<>(run);
                more.put(listed.key(), value);
                longer.add(more);
            }
        }
        return longer;
    }

    /** Adds the drawn values to a run; keys in the order of the file. */
    private static Map<String, String> drawn(
            Map<String, String> listed, List<Variable> variables, SplittableRandom random) {
        Map<String, String> run = new LinkedHashMap<>();
        for (Variable variable : variables) {
            run.put(
                    variable.key(),
                    variable instanceof Variable.Drawn drawn ? drawn.draw(random.split()) : listed.get(variable.key()));
        }
        return run;
    }

    /**
     * The complete recipe of a run.
     *
     * @param number number of the run, from 1
     * @throws InputException if a key is unknown or a value out of range
     */
    Recipe recipeOf(String source, int number) {
        List<String> changes = runs.get(number - 1).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        try {
            return RecipeFile.read(recipe, changes);
        } catch (InputException e) {
            throw new InputException("%s, run %d: %s".formatted(source, number, e.getMessage()), e);
        }
    }
}
