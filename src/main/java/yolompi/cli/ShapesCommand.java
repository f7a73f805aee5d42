package yolompi.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import yolompi.synthetic.ShapeDataSet;

@Command(
        name = "shapes",
        description = "Draws a data set of colored shapes on textured backgrounds, with annotations in YOLO format.")
final class ShapesCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder for the data set.")
    private Path out;

    @Option(
            names = "--images",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Number of training images, listed in train.txt.")
    private int images;

    @Option(
            names = "--val-images",
            defaultValue = "200",
            paramLabel = "N",
            description = "Number of validation images, listed in val.txt.")
    private int valImages;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "SEED",
            description = "The same seed draws the same images.")
    private long seed;

    @Option(names = "--size", defaultValue = "320", paramLabel = "PIXELS", description = "Edge of the square images.")
    private int size;

    @Override
    public Integer call() {
        // Without this, the JDK looks for a display, which drawing does not need.
        System.setProperty("java.awt.headless", "true");
        try (ConsoleProgress progress = ConsoleProgress.here()) {
            new ShapeDataSet(out, images, valImages, seed, size).write(progress);
        }
        System.out.printf("%d training images and %d validation images in %s%n", images, valImages, out);
        return 0;
    }
}
