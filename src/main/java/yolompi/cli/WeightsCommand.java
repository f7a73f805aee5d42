package yolompi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.model.Architecture;
import yolompi.model.darknet.CfgFile;
import yolompi.pack.annotation.ClassNames;
import yolompi.recipe.Recipe;
import yolompi.weights.DarknetFiles;

@Command(
        name = "weights",
        description = "Converts Darknet weights to a checkpoint, and a checkpoint to Darknet weights.",
        subcommands = {WeightsCommand.ImportCommand.class, WeightsCommand.ExportCommand.class})
final class WeightsCommand {
    @Command(
            name = "import",
            description = "Converts a Darknet .weights file, complete or only a backbone, to a checkpoint.")
    static final class ImportCommand implements Callable<Integer> {
        @Option(
                names = "--cfg",
                required = true,
                paramLabel = "CFG",
                description = "Network: yolov3, yolov3-tiny, yolov3-spp, or a Darknet .cfg file.")
        private String cfg;

        @Option(
                names = "--names",
                paramLabel = "FILE",
                description = "Class names, one per line. Default: class0, class1 …, for the classes in the .cfg.")
        private Optional<Path> names;

        @Option(
                names = "--size",
                paramLabel = "PIXELS",
                showDefaultValue = Visibility.NEVER,
                description = "Edge of the square input for detection. Default: the width in the .cfg.")
        private Optional<Integer> size = Optional.empty();

        @Option(
                names = "--out",
                required = true,
                paramLabel = "CHECKPOINT",
                description = "The .safetensors file to write.")
        private Path out;

        @Parameters(paramLabel = "WEIGHTS", description = "The Darknet .weights file.")
        private Path weights;

        @Override
        public Integer call() throws IOException {
            List<String> classes = classNames();
            Recipe recipe = NetworkArguments.recipe(cfg, NetworkArguments.size(size, cfg));
            Architecture architecture = NetworkArguments.architecture(recipe, classes.size());
            int held = DarknetFiles.importWeights(weights, recipe, architecture, classes, out);
            int all = architecture.layers().size();
            String part = held == all ? "all %d layers".formatted(all) : "layers 0-%d of %d".formatted(held - 1, all);
            System.out.printf(
                    "%s, %d classes, %d pixels, in %s%n",
                    part, classes.size(), recipe.data().size(), out);
            return 0;
        }

        private List<String> classNames() {
            return names.map(file -> ClassNames.read(file).names())
                    .orElseGet(() -> IntStream.range(0, CfgFile.read(cfg).classes())
                            .mapToObj(id -> "class" + id)
                            .toList());
        }
    }

    @Command(
            name = "export",
            description = {
                "Converts the weights of a checkpoint to a Darknet .weights file. Uses the averaged weights (EMA) of a"
                        + " training.",
                "Also writes a .cfg of the same name, with the classes of the data set and the recipe's anchors and"
                        + " size."
            })
    static final class ExportCommand implements Callable<Integer> {
        @Option(names = "--weights", required = true, paramLabel = "CHECKPOINT", description = "The checkpoint.")
        private Path weights;

        @Option(
                names = "--out",
                required = true,
                paramLabel = "FILE",
                description = "The Darknet .weights file to write.")
        private Path out;

        @Option(
                names = "--layers",
                paramLabel = "N",
                description =
                        "Export only the first N layers, such as the backbone. Default: all layers of the checkpoint.")
        private Optional<Integer> layers;

        @Override
        public Integer call() throws IOException {
            OptionalInt requested = layers.stream().mapToInt(Integer::intValue).findFirst();
            DarknetFiles.Exported written = DarknetFiles.exportWeights(weights, requested, out);
            System.out.printf("layers 0-%d in %s, of the network in %s%n", written.layers() - 1, out, written.cfg());
            return 0;
        }
    }
}
