package yolompi.train;

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
import yolompi.model.LayerNumbers;
import yolompi.model.Network;
import yolompi.model.Parameter;

/**
 * Weights to begin with, from a checkpoint of perhaps another network or other classes, or of some layers alone: what fits by name and shape is
 * taken. Of each tensor the average ({@code ema/}) where the file has one, then the weights ({@code model/}), then what has the bare name.
 */
public final class Transfer {
    private static final List<String> PREFIXES = List.of(TrainingTensors.EMA, TrainingTensors.MODEL, "");
    private static final String DARKNET_SUFFIX = ".weights";
    private static final Pattern LAYER = Pattern.compile("layers\\.(\\d{1,6})\\..*");
    private static final int MOST_NAMED = 3;

    private final String source;
    private final Checkpoint checkpoint;

    private Transfer(String source, Checkpoint checkpoint) {
        this.source = source;
        this.checkpoint = checkpoint;
    }

    /** Why a tensor was not taken. */
    private enum Reason {
        ANOTHER_SHAPE("another shape in the file"),
        NOT_IN_FILE("not in the file, random"),
        NOT_IN_NETWORK("not in this network");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    /**
     * Reads a safetensors file whole.
     *
     * @throws InputException where it is none, or damaged
     */
    public static Transfer read(Path file) {
        if (file.toString().endsWith(DARKNET_SUFFIX)) {
            throw new InputException(
                    ("model.weights = \"%s\": found Darknet's format, expected a checkpoint (.safetensors); convert it first:"
                                    + " weights import --cfg NETWORK.cfg %s --out %s")
                            .formatted(file, file, file.toString().replaceFirst("\\.weights$", ".safetensors")));
        }
        return new Transfer(file.toString(), Safetensors.read(file));
    }

    /**
     * Overwrites what fits.
     *
     * @return what was taken and what was not, in a few lines
     * @throws InputException where nothing fits
     */
    public List<String> into(Network network) {
        List<Parameter> wanted = TrainingTensors.all(network);
        Map<Reason, List<String>> left = new LinkedHashMap<>();
        Map<String, String> shapes = new LinkedHashMap<>();
        int taken = 0;
        long values = 0;
        for (Parameter parameter : wanted) {
            Optional<NamedTensor> saved = find(parameter.name());
            if (saved.isEmpty()) {
                note(left, Reason.NOT_IN_FILE, parameter.name());
            } else if (!Arrays.equals(saved.get().shape(), TensorBytes.shape(parameter.tensor()))) {
                note(left, Reason.ANOTHER_SHAPE, parameter.name());
                shapes.put(
                        parameter.name(),
                        text(saved.get().shape()) + " against " + text(TensorBytes.shape(parameter.tensor())));
            } else {
                TensorBytes.copyInto(parameter.tensor(), saved.get());
                taken++;
                values += parameter.tensor().numel();
            }
        }
        Set<String> others = names();
        wanted.forEach(parameter -> others.remove(parameter.name()));
        others.forEach(name -> note(left, Reason.NOT_IN_NETWORK, name));
        List<String> reasons = left.entrySet().stream()
                .map(entry -> "not taken: " + describe(entry.getKey(), entry.getValue(), shapes))
                .toList();
        if (taken == 0) {
            throw new InputException(
                    "model.weights = \"%s\": no tensor fits %s; expected a checkpoint of a similar network\n  %s"
                            .formatted(source, network.architecture().source(), String.join("\n  ", reasons)));
        }
        String summary = "weights from %s: %d of %d tensors, %,d of %,d values"
                .formatted(source, taken, wanted.size(), values, values(wanted));
        return Stream.concat(Stream.of(summary), reasons.stream()).toList();
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

    /** Of all weights in the file, without prefix; what an optimizer remembers is none. */
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

    /** Such as {@code layers 15, 22: another shape in the file (layers.15.conv.weight [255,512,1,1] against [24,512,1,1], …)}. */
    private static String describe(Reason reason, List<String> names, Map<String, String> shapes) {
        Set<Integer> layers = new TreeSet<>();
        List<String> examples = new ArrayList<>();
        for (String name : names) {
            Matcher layer = LAYER.matcher(name);
            if (layer.matches()) {
                layers.add(Integer.valueOf(layer.group(1)));
            }
            if (!layer.matches() || shapes.containsKey(name)) {
                examples.add(shapes.containsKey(name) ? name + " " + shapes.get(name) : name);
            }
        }
        String some = String.join(", ", examples.subList(0, Math.min(MOST_NAMED, examples.size())));
        String more = examples.size() > MOST_NAMED ? ", and " + (examples.size() - MOST_NAMED) + " more" : "";
        return (layers.isEmpty() ? names.size() + " tensors" : "layers " + LayerNumbers.describe(layers)) + ", "
                + reason.words + (some.isEmpty() ? "" : " (" + some + more + ")");
    }

    private static String text(long[] shape) {
        return Arrays.toString(shape).replace(" ", "");
    }
}
