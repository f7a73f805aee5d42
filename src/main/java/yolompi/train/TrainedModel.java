package yolompi.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.Safetensors;
import yolompi.checkpoint.TensorBytes;
import yolompi.dist.Communicator;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Compute;

/**
 * A network as a checkpoint holds it, ready to detect: the averaged weights where there are some.
 *
 * @param names of the classes
 * @param categoryIds the number that COCO results call each class by
 * @param recipe that it was trained by
 */
public record TrainedModel(Network network, List<String> names, List<Integer> categoryIds, Recipe recipe) {
    private static final String RECIPE = "recipe";
    private static final String NAMES = "names";
    private static final String CATEGORY_IDS = "category_ids";
    private static final String CFG = "cfg";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a checkpoint: {@code best.safetensors}, for example. */
    public static TrainedModel load(Path file) {
        Checkpoint checkpoint = Safetensors.read(file);
        String source = file.toString();
        Recipe recipe = recipe(source, checkpoint);
        List<String> names = names(source, entry(source, checkpoint, NAMES));
        List<Integer> categoryIds = categoryIds(source, checkpoint, names.size());
        Architecture architecture = architecture(source, checkpoint, recipe);
        refusePart(source, checkpoint, architecture);
        Network network = new Network(architecture, recipe.seed());
        String prefix = prefix(checkpoint);
        TrainingTensors.all(network)
                .forEach(parameter ->
                        TensorBytes.restore(source, checkpoint, prefix + parameter.name(), parameter.tensor()));
        return new TrainedModel(network, names, categoryIds, recipe);
    }

    /** The recipe that a checkpoint was trained by. */
    static Recipe recipe(String source, Checkpoint checkpoint) {
        return RecipeFile.parse(source, entry(source, checkpoint, RECIPE), List.of());
    }

    /** The network that a checkpoint is of. */
    static Architecture architecture(String source, Checkpoint checkpoint, Recipe recipe) {
        return Architecture.parse(
                source + " (its cfg)",
                entry(source, checkpoint, CFG),
                recipe.model().anchors(),
                names(source, entry(source, checkpoint, NAMES)).size());
    }

    /** What the names of the weights to use begin with: those of the averaged ones where there are some. */
    static String prefix(Checkpoint checkpoint) {
        boolean averaged =
                checkpoint.tensors().stream().anyMatch(tensor -> tensor.name().startsWith(TrainingTensors.EMA));
        return averaged ? TrainingTensors.EMA : TrainingTensors.MODEL;
    }

    private static void refusePart(String source, Checkpoint checkpoint, Architecture architecture) {
        String layers = checkpoint.metadata().get(DarknetFiles.LAYERS);
        if (layers != null) {
            throw new InputException(
                    ("%s holds only the first %s of %d layers, like the Darknet file that it was imported from,"
                                    + " so it cannot detect objects; start a training from it (model.weights)")
                            .formatted(source, layers, architecture.layers().size()));
        }
    }

    /**
     * The same model in another precision.
     *
     * @param option what messages call the wish for it
     */
    public TrainedModel inPrecision(String option, String precision) {
        return new TrainedModel(
                network,
                names,
                categoryIds,
                RecipeFile.changed(recipe, option, RecipeFile.override("model.precision", precision)));
    }

    /** The same model on another device. */
    public TrainedModel on(Compute compute) {
        Network moved = new Network(network.architecture(), recipe.seed(), compute, Optional.empty());
        try (NoGradGuard constant = new NoGradGuard()) {
            List<Parameter> from = TrainingTensors.all(network);
            List<Parameter> to = TrainingTensors.all(moved);
            for (int i = 0; i < to.size(); i++) {
                to.get(i).tensor().copy_(from.get(i).tensor());
            }
        }
        return new TrainedModel(moved, names, categoryIds, recipe);
    }

    /** The recipe's arithmetic on what this rank has, which need not be what the training had; collective. */
    public Compute compute(Communicator ranks) {
        Recipe here =
                RecipeFile.changed(recipe, "detection", "model.device=auto", "model.layout=auto", "dist.replicas=1");
        return ComputeChoice.of(here, ranks);
    }

    /** What a checkpoint must say so that {@link #load} needs nothing else. */
    static Map<String, String> describe(Recipe recipe, Architecture architecture, List<String> names) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(RECIPE, RecipeFile.toToml(recipe));
        metadata.put(CFG, architecture.text());
        try {
            metadata.put(NAMES, JSON.writeValueAsString(names));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return metadata;
    }

    /** What a checkpoint also says of the data that it was trained on, for results in COCO's format. */
    static Map<String, String> describe(List<Integer> categoryIds) {
        return Map.of(CATEGORY_IDS, categoryIds.toString()); // which is JSON
    }

    private static String entry(String source, Checkpoint checkpoint, String key) {
        String value = checkpoint.metadata().get(key);
        if (value == null) {
            throw new InputException(source + ": not a checkpoint of this program: its metadata has no " + key);
        }
        return value;
    }

    private static List<String> names(String source, String json) {
        try {
            return JSON.readValue(json, new TypeReference<List<String>>() {});
        } catch (JsonProcessingException e) {
            throw new InputException(source + ": metadata names: expected a JSON list of strings", e);
        }
    }

    /** As the data set has them; where the checkpoint doesn't say, as data sets of other than COCO's format. */
    private static List<Integer> categoryIds(String source, Checkpoint checkpoint, int classes) {
        String json = checkpoint.metadata().get(CATEGORY_IDS);
        if (json == null) {
            return IntStream.rangeClosed(1, classes).boxed().toList();
        }
        String wrong = "%s: metadata %s: found %s, expected a JSON list of %d integers"
                .formatted(source, CATEGORY_IDS, json, classes);
        try {
            List<Integer> ids = JSON.readValue(json, new TypeReference<List<Integer>>() {});
            if (ids.size() != classes) {
                throw new InputException(wrong);
            }
            return ids;
        } catch (JsonProcessingException e) {
            throw new InputException(wrong, e);
        }
    }
}
