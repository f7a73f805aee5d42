package yolompi.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.checkpoint.TensorBytes;
import yolompi.model.FrozenLayers;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.Parameter.TensorName;
import yolompi.recipe.IntegerRanges;
import yolompi.recipe.ModelRecipe;

/**
 * Loads initial weights from a checkpoint, possibly of another network, with other classes, or of
 * only some layers.
 *
 * <p>It takes tensors whose name and shape match, and takes nothing of a layer whose kernels don't
 * match. For each tensor it prefers the average ({@code ema/}), then the weights ({@code model/}),
 * then the name without prefix.
 */
public final class PretrainedWeights {
    private static final List<String> PREFIXES = List.of(TrainingTensors.EMA, TrainingTensors.MODEL, "");
    private static final String DARKNET_SUFFIX = ".weights";
    private static final Pattern LAYER = Pattern.compile("layers\\.(\\d{1,6})\\..*");
    private static final int MAX_NAMED = 3;

    private final String source;
    private final Checkpoint checkpoint;

    private PretrainedWeights(String source, Checkpoint checkpoint) {
        this.source = source;
        this.checkpoint = checkpoint;
    }

    /** Why a tensor was not loaded. */
    private enum Reason {
        ANOTHER_SHAPE("different shape in the file"),
        NOT_IN_FILE("not in the file, initialized at random"),
        NOT_IN_NETWORK("not in this network");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    /**
     * Reads a complete safetensors file.
     *
     * @throws InputException if it is not a safetensors file, or is damaged
     */
    public static PretrainedWeights read(Path file) {
        if (file.toString().endsWith(DARKNET_SUFFIX)) {
            throw new InputException(
                    ("model.weights = \"%s\": found Darknet's format, expected a checkpoint (.safetensors); convert it"
                                    + " first: weights import --cfg NETWORK.cfg %s --out %s")
                            .formatted(file, file, file.toString().replaceFirst("\\.weights$", ".safetensors")));
        }
        return new PretrainedWeights(file.toString(), Safetensors.read(file));
    }

    /**
     * Loads the weights that a recipe names into a network, if it names any.
     *
     * @return a few lines on what was loaded and what was not; none if the recipe names no weights
     * @throws InputException if nothing fits, or if frozen layers would stay random
     */
    public static List<String> begin(ModelRecipe recipe, Network network) {
        FrozenLayers frozen = FrozenLayers.parse(recipe.freeze(), network.architecture());
        if (!recipe.weights().isBlank()) {
            return read(Path.of(recipe.weights())).into(network, frozen);
        }
        if (!frozen.isEmpty()) {
            throw new InputException(("model.freeze = \"%s\": without model.weights these layers would stay random;"
                            + " set model.weights to a checkpoint, or freeze no layers")
                    .formatted(recipe.freeze()));
        }
        return List.of();
    }

    /**
     * Overwrites the tensors that fit.
     *
     * @param frozen layers that the file must hold completely, because training does not change
     *     them
     * @return a few lines on what was loaded and what was not
     * @throws InputException if nothing fits, or if a frozen layer is incomplete
     */
    public List<String> into(Network network, FrozenLayers frozen) {
        List<Parameter> requested = TrainingTensors.all(network);
        Map<String, Reason> misfits = misfits(requested);
        List<Parameter> taken = requested.stream()
                .filter(parameter -> !misfits.containsKey(parameter.name()))
                .toList();
        List<String> reasons = reasons(requested, misfits);
        refuse(network, frozen, taken, misfits.keySet(), reasons);
        taken.forEach(parameter ->
                TensorBytes.copyInto(parameter.tensor(), find(parameter.name()).orElseThrow()));
        String summary = "weights from %s: %d of %d tensors, %,d of %,d values"
                .formatted(source, taken.size(), requested.size(), values(taken), values(requested));
        return Stream.concat(Stream.of(summary), reasons.stream()).toList();
    }

    private void refuse(
            Network network, FrozenLayers frozen, List<Parameter> taken, Set<String> misfits, List<String> reasons) {
        String details = "\n  " + String.join("\n  ", reasons);
        if (taken.isEmpty()) {
            throw new InputException(
                    "model.weights = \"%s\": no tensor fits %s; expected a checkpoint of a similar network%s"
                            .formatted(source, network.architecture().source(), details));
        }
        Set<Integer> random = new TreeSet<>();
        misfits.forEach(name -> layerOf(name).filter(frozen::contains).ifPresent(random::add));
        if (!random.isEmpty()) {
            throw new InputException(
                    ("model.freeze: layers %s would stay random, because model.weights = \"%s\" has no tensors that"
                                    + " fit them; freeze only layers that it has, or set another checkpoint%s")
                            .formatted(IntegerRanges.describe(random), source, details));
        }
    }

    /**
     * Returns why tensors are not loaded, by name. A bias or batch norm is useless after other
     * kernels than its own.
     */
    private Map<String, Reason> misfits(List<Parameter> requested) {
        Map<String, Reason> misfits = new LinkedHashMap<>();
        requested.forEach(parameter -> misfit(parameter).ifPresent(reason -> misfits.put(parameter.name(), reason)));
        for (Parameter parameter : requested) {
            Optional<Reason> ofKernels =
                    layerOf(parameter.name()).map(layer -> misfits.get(TensorName.KERNELS.of(layer)));
            ofKernels.ifPresent(reason -> misfits.putIfAbsent(parameter.name(), reason));
        }
        return misfits;
    }

    private Optional<Reason> misfit(Parameter parameter) {
        Optional<NamedTensor> saved = find(parameter.name());
        if (saved.isEmpty()) {
            return Optional.of(Reason.NOT_IN_FILE);
        }
        boolean fits = Arrays.equals(saved.get().shape(), TensorBytes.shape(parameter.tensor()));
        return fits ? Optional.empty() : Optional.of(Reason.ANOTHER_SHAPE);
    }

    /** Returns a line for each reason, including tensors that only the file has. */
    private List<String> reasons(List<Parameter> requested, Map<String, Reason> misfits) {
        Map<Reason, List<String>> left = new LinkedHashMap<>();
        misfits.forEach((name, reason) -> note(left, reason, name));
        Set<String> others = names();
        requested.forEach(parameter -> others.remove(parameter.name()));
        others.forEach(name -> note(left, Reason.NOT_IN_NETWORK, name));
        Map<String, String> shapes = differingShapes(requested);
        return left.entrySet().stream()
                .map(entry -> "not loaded: " + describe(entry.getKey(), entry.getValue(), shapes))
                .toList();
    }

    private Map<String, String> differingShapes(List<Parameter> requested) {
        Map<String, String> shapes = new LinkedHashMap<>();
        for (Parameter parameter : requested) {
            long[] own = TensorBytes.shape(parameter.tensor());
            find(parameter.name())
                    .map(NamedTensor::shape)
                    .filter(saved -> !Arrays.equals(saved, own))
                    .ifPresent(saved -> shapes.put(parameter.name(), text(saved) + " instead of " + text(own)));
        }
        return shapes;
    }

    private static Optional<Integer> layerOf(String name) {
        Matcher layer = LAYER.matcher(name);
        return layer.matches() ? Optional.of(Integer.valueOf(layer.group(1))) : Optional.empty();
    }

    private static long values(List<Parameter> parameters) {
        return parameters.stream().mapToLong(each -> each.tensor().numel()).sum();
    }

    private static void note(Map<Reason, List<String>> left, Reason reason, String name) {
        left.computeIfAbsent(reason, first -> new ArrayList<>()).add(name);
    }

    private Optional<NamedTensor> find(String name) {
        return PREFIXES.stream()
                .flatMap(prefix -> checkpoint.tensor(prefix + name).stream())
                .findFirst();
    }

    /** Returns the names of all weights in the file without prefix, and without optimizer state. */
    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (NamedTensor tensor : checkpoint.tensors()) {
            String name = tensor.name();
            if (!name.startsWith(TrainingTensors.OPTIMIZER)) {
                names.add(PREFIXES.stream()
                        .filter(name::startsWith)
                        .findFirst()
                        .map(prefix -> name.substring(prefix.length()))
                        .orElse(name));
            }
        }
        return names;
    }

    /**
     * Such as {@code layers 15, 22, different shape in the file (layers.15.conv.weight
     * [255,512,1,1] instead of [24,512,1,1], …)}.
     */
    private static String describe(Reason reason, List<String> names, Map<String, String> shapes) {
        Set<Integer> layers = new TreeSet<>();
        List<String> examples = new ArrayList<>();
        for (String name : names) {
            Optional<Integer> layer = layerOf(name);
            layer.ifPresent(layers::add);
            if (layer.isEmpty() || shapes.containsKey(name)) {
                examples.add(shapes.containsKey(name) ? name + " " + shapes.get(name) : name);
            }
        }
        String some = String.join(", ", examples.subList(0, Math.min(MAX_NAMED, examples.size())));
        String more = examples.size() > MAX_NAMED ? ", and " + (examples.size() - MAX_NAMED) + " more" : "";
        return (layers.isEmpty() ? names.size() + " tensors" : "layers " + IntegerRanges.describe(layers)) + ", "
                + reason.words + (some.isEmpty() ? "" : " (" + some + more + ")");
    }

    private static String text(long[] shape) {
        return Arrays.toString(shape).replace(" ", "");
    }
}
