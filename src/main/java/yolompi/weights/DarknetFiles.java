package yolompi.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.NamedTensor.DType;
import yolompi.checkpoint.Safetensors;
import yolompi.io.AtomicFile;
import yolompi.model.Architecture;
import yolompi.model.darknet.CfgWriter;
import yolompi.model.darknet.DarknetWeights;
import yolompi.recipe.Recipe;

/**
 * Converts Darknet weights to a checkpoint and back, from file to file, without building a network.
 */
public final class DarknetFiles {
    /** Metadata key: the number of layers, if the checkpoint holds only the first layers. */
    static final String LAYERS = "darknet_layers";

    private static final String VERSION = "darknet_version";
    private static final String SEEN = "darknet_seen";
    private static final String CHECKPOINT_SUFFIX = ".safetensors";

    private DarknetFiles() {}

    /**
     * What was written.
     *
     * @param layers number of layers, starting with the first
     * @param cfg the network's {@code .cfg}, next to the weights
     */
    public record Exported(int layers, Path cfg) {}

    /**
     * Writes a checkpoint with a network's weights, or with those of its first layers if the file
     * holds no more.
     *
     * @param recipe detection needs its input size
     * @return the number of layers: all, or those up to the last with weights in the file
     * @throws InputException if the weights don't fit the network, or {@code out} is not a
     *     checkpoint name; nothing is written
     */
    public static int importWeights(
            Path weights, Recipe recipe, Architecture architecture, List<String> names, Path out) throws IOException {
        if (!isCheckpoint(out)) {
            throw new WrongUsageException("--out " + out + ": expected a name that ends in " + CHECKPOINT_SUFFIX);
        }
        refuseSame(weights, out);
        DarknetWeights darknet = DarknetWeights.read(weights, architecture);
        Map<String, String> metadata = TrainedModel.describe(recipe, architecture, names);
        DarknetWeights.Header header = darknet.header();
        metadata.put(VERSION, header.major() + "." + header.minor() + "." + header.revision());
        metadata.put(SEEN, Long.toString(header.seen()));
        boolean whole = darknet.tensors().size()
                == DarknetWeights.Entry.of(architecture).size();
        if (!whole) {
            metadata.put(LAYERS, Integer.toString(darknet.layers()));
        }
        List<NamedTensor> tensors = new ArrayList<>();
        Map<String, ByteBuffer> values = darknet.byName();
        for (DarknetWeights.Entry tensor : darknet.tensors()) {
            tensors.add(new NamedTensor(
                    TrainingTensors.MODEL + tensor.name(), DType.F32, shape(tensor), values.get(tensor.name())));
        }
        Files.createDirectories(out.toAbsolutePath().getParent());
        Safetensors.write(out, new Checkpoint(metadata, tensors));
        return whole ? architecture.layers().size() : darknet.layers();
    }

    /**
     * Writes a checkpoint's weights in Darknet's format, and the matching {@code .cfg} next to
     * them. Uses the averaged weights if there are any.
     *
     * @param layers number of layers, starting with the first; empty: all layers of the checkpoint
     * @throws InputException if the checkpoint lacks a tensor, {@code out} is a checkpoint name, or
     *     a different {@code .cfg} exists; nothing is written
     */
    public static Exported exportWeights(Path checkpointFile, OptionalInt layers, Path out) throws IOException {
        refuseSame(checkpointFile, out);
        if (!Files.isDirectory(out) && !out.toString().matches(".*\\.(weights|conv\\.\\d+)")) {
            throw new WrongUsageException("--out " + out
                    + ": expected a Darknet file name: NAME.weights, or NAME.conv.74 for the first 74 layers");
        }
        String source = checkpointFile.toString();
        Checkpoint checkpoint = Safetensors.read(checkpointFile);
        Recipe recipe = TrainedModel.recipe(source, checkpoint);
        Architecture architecture = TrainedModel.architecture(source, checkpoint, recipe);
        int held = checkpoint.metadata().containsKey(LAYERS)
                ? (int) number(source, checkpoint, LAYERS)
                : architecture.layers().size();
        int requested = layers.orElse(held);
        if (requested < 1 || requested > held) {
            throw new WrongUsageException("--layers " + requested + ": expected 1 to " + held + ", as in " + source);
        }
        List<DarknetWeights.Entry> tensors = DarknetWeights.Entry.of(architecture).stream()
                .filter(tensor -> tensor.layer() < requested)
                .toList();
        String prefix = TrainedModel.prefix(checkpoint);
        List<ByteBuffer> values = tensors.stream()
                .map(tensor -> values(source, checkpoint, prefix, tensor))
                .toList();
        Path cfg = cfgBeside(out);
        byte[] text = CfgWriter.of(
                        architecture, recipe.model().anchors(), recipe.data().size())
                .getBytes(StandardCharsets.ISO_8859_1); // the charset it was read with
        refuseAnother(cfg, text);
        new DarknetWeights(header(source, checkpoint, recipe), tensors, values).write(out);
        AtomicFile.write(cfg, file -> file.write(text));
        return new Exported(requested, cfg);
    }

    private static boolean isCheckpoint(Path file) {
        return file.toString().endsWith(CHECKPOINT_SUFFIX);
    }

    private static void refuseSame(Path from, Path out) throws IOException {
        if (Files.exists(out) && Files.exists(from) && Files.isSameFile(from, out)) {
            throw new WrongUsageException("--out " + out + ": is the input file; choose another name");
        }
    }

    private static Path cfgBeside(Path weights) {
        return weights.resolveSibling(weights.getFileName().toString().replaceFirst("\\.weights$", "") + ".cfg");
    }

    private static void refuseAnother(Path cfg, byte[] text) throws IOException {
        if (Files.exists(cfg) && !Arrays.equals(Files.readAllBytes(cfg), text)) {
            throw new InputException(("%s: the network's .cfg would be written here, but a different file exists;"
                            + " choose another --out or move that file")
                    .formatted(cfg));
        }
    }

    private static ByteBuffer values(String source, Checkpoint checkpoint, String prefix, DarknetWeights.Entry tensor) {
        String name = prefix + tensor.name();
        NamedTensor found = checkpoint
                .tensor(name)
                .orElseThrow(() -> new InputException(source + ": tensor " + name + " is missing"));
        if (found.dtype() != DType.F32 || !Arrays.equals(found.shape(), shape(tensor))) {
            throw new InputException("%s: tensor %s is %s %s, expected F32 %s"
                    .formatted(source, name, found.dtype(), Arrays.toString(found.shape()), tensor.shape()));
        }
        return found.bytes();
    }

    /**
     * Returns the header of the imported weights, or a new one with the number of images trained
     * on.
     */
    private static DarknetWeights.Header header(String source, Checkpoint checkpoint, Recipe recipe) {
        String version = checkpoint.metadata().get(VERSION);
        if (version == null) {
            return DarknetWeights.Header.current(
                    number(source, checkpoint, "step") * recipe.train().batch());
        }
        String[] parts = version.split("\\.", -1);
        if (parts.length != 3) {
            throw new InputException(source + ": metadata " + VERSION + ": expected three numbers, found " + version);
        }
        try {
            return new DarknetWeights.Header(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    number(source, checkpoint, SEEN));
        } catch (NumberFormatException e) {
            throw new InputException(
                    source + ": metadata " + VERSION + ": expected three numbers, found " + version, e);
        }
    }

    private static long number(String source, Checkpoint checkpoint, String key) {
        String text = checkpoint.metadata().getOrDefault(key, "0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InputException(source + ": metadata " + key + ": expected an integer, found " + text, e);
        }
    }

    private static long[] shape(DarknetWeights.Entry tensor) {
        return tensor.shape().stream().mapToLong(Long::longValue).toArray();
    }
}
