package yolompi.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import yolompi.data.ShapeDataSet;

@Command(
        name = "shapes",
        description = "Draws a data set of coloured shapes on textured grounds, with its annotations in YOLO's format.")
final class ShapesCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder for the data set.")
    private Path out;

    @Option(
            names = "--images",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Pictures to train on, named in train.txt.")
    private int images;

    @Option(
            names = "--val-images",
            defaultValue = "200",
            paramLabel = "N",
            description = "Further pictures to evaluate on, named in val.txt.")
    private int valImages;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "SEED",
            description = "The same seed draws the same pictures.")
    private long seed;

    @Option(names = "--size", defaultValue = "320", paramLabel = "PIXELS", description = "Edge of the square pictures.")
    private int size;

    @Override
    public Integer call() {
        // Drawing needs no display; without this the JDK looks for one.
        System.setProperty("java.awt.headless", "true");
        try (ConsoleProgress progress = ConsoleProgress.here()) {
            new ShapeDataSet(out, images, valImages, seed, size).write(progress);
        }
        System.out.printf("%d pictures to train on and %d to evaluate on, in %s%n", images, valImages, out);
        return 0;
    }
}
