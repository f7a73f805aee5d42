package yolompi.weights;

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
import yolompi.distributed.Communicator;
import yolompi.distributed.device.DeviceChoice;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;

/**
 * A network loaded from a checkpoint, ready to detect. It has the averaged weights if the
 * checkpoint holds any.
 *
 * @param names of the classes
 * @param categoryIds category ids of the classes in COCO results
 * @param recipe recipe of its training
 */
public record TrainedModel(Network network, List<String> names, List<Integer> categoryIds, Recipe recipe) {
    private static final String RECIPE = "recipe";
    private static final String NAMES = "names";
    private static final String CATEGORY_IDS = "category_ids";
    private static final String CFG = "cfg";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Loads a checkpoint, for example {@code best.safetensors}. */
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

    /** Returns the recipe of a checkpoint's training. */
    public static Recipe recipe(String source, Checkpoint checkpoint) {
        return RecipeFile.parse(source, entry(source, checkpoint, RECIPE), List.of());
    }

    /** Returns the network architecture of a checkpoint. */
    static Architecture architecture(String source, Checkpoint checkpoint, Recipe recipe) {
        return ArchitectureReader.parse(
                source + " (its cfg)",
                entry(source, checkpoint, CFG),
                recipe.model().anchors(),
                names(source, entry(source, checkpoint, NAMES)).size());
    }

    /** Returns the prefix of the weights to use: the averaged ones if there are any. */
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
     * Returns the same model with another precision.
     *
     * @param option name of the setting in messages
     */
    public TrainedModel inPrecision(String option, String precision) {
        return new TrainedModel(
                network,
                names,
                categoryIds,
                RecipeFile.changed(recipe, option, RecipeFile.override("model.precision", precision)));
    }

    /** Returns the same model on another device. */
    public TrainedModel on(DeviceContext device) {
        Network moved = new Network(network.architecture(), recipe.seed(), device, Optional.empty());
        try (NoGradGuard constant = new NoGradGuard()) {
            List<Parameter> from = TrainingTensors.all(network);
            List<Parameter> to = TrainingTensors.all(moved);
            for (int i = 0; i < to.size(); i++) {
                to.get(i).tensor().copy_(from.get(i).tensor());
            }
        }
        return new TrainedModel(moved, names, categoryIds, recipe);
    }

    /**
     * Returns the recipe's precision on this rank's device, which may differ from the training's
     * device; collective.
     */
    public DeviceContext compute(Communicator ranks) {
        Recipe here =
                RecipeFile.changed(recipe, "detection", "model.device=auto", "model.layout=auto", "dist.replicas=1");
        return DeviceChoice.of(here, ranks);
    }

    /** Returns the metadata that {@link #load} needs. */
    public static Map<String, String> describe(Recipe recipe, Architecture architecture, List<String> names) {
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

    /** Returns the metadata for results in COCO's format. */
    public static Map<String, String> describe(List<Integer> categoryIds) {
        return Map.of(CATEGORY_IDS, categoryIds.toString()); // valid JSON
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

    /**
     * Returns the data set's category ids. If the checkpoint has none, numbers the classes as data
     * sets in other formats do.
     */
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
