package yolompi.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.WrongUsageException;
import yolompi.model.Architecture;
import yolompi.model.darknet.CfgFile;
import yolompi.recipe.Recipe;

@Command(
        name = "model",
        description =
                "Describes a network: each layer with its shapes, parameters and cost, and the memory that training"
                        + " needs.")
final class ModelCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CFG", description = "yolov3, yolov3-tiny, yolov3-spp, or a Darknet .cfg file.")
    private String cfg;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Edge of the square input, a multiple of the largest stride (usually 32). Default: the width in"
                            + " the .cfg.")
    private Optional<Integer> size = Optional.empty();

    @Option(
            names = "--classes",
            paramLabel = "N",
            showDefaultValue = Visibility.NEVER,
            description = "Number of classes of the data set. Default: the number in the .cfg.")
    private Optional<Integer> classes = Optional.empty();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Images that training computes at once, for the memory estimate.")
    private int batch;

    @Override
    public Integer call() {
        if (batch < 1) {
            throw new WrongUsageException("--batch " + batch + ": expected 1 or more");
        }
        Recipe recipe = NetworkArguments.recipe(cfg, NetworkArguments.size(size, cfg), "train.batch=" + batch);
        Architecture architecture = NetworkArguments.architecture(
                recipe, classes.orElseGet(() -> CfgFile.read(cfg).classes()));
        System.out.print(new ModelTable(architecture, recipe).text());
        return 0;
    }
}
