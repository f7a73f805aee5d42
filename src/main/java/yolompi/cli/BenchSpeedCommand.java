package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import yolompi.WrongUsageException;
import yolompi.bench.SpeedBenchmark;
import yolompi.model.Architecture;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.torch.NativeLibraries;

@Command(
        name = "speed",
        description = {
            "Measures training in images/s without input, for several networks, input sizes and precisions. Uses a GPU"
                    + " if present.",
            "TFLOP/s counts a step as three forward passes of the convolutions. Memory is the peak of the GPU or the"
                    + " process."
        })
final class BenchSpeedCommand implements Callable<Integer> {
    private static final int CLASSES = 80;

    @Option(
            names = "--networks",
            split = ",",
            paramLabel = "CFG",
            defaultValue = "yolov3,yolov3-spp,yolov3-tiny",
            description = "Names of networks or .cfg files, separated by commas.")
    private List<String> networks;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "PIXELS",
            defaultValue = "416",
            description = "Edges of the square input.")
    private List<Integer> sizes;

    @Option(
            names = "--precisions",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "fp32,bf16",
            description = "Values of model.precision: fp32, tf32, bf16, fp16.")
    private List<String> precisions;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "8", description = "Images per step.")
    private int batch;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "20",
            description = "Steps of each measurement; the median is printed.")
    private int steps;

    @Override
    public Integer call() {
        if (batch < 1 || steps < 1) {
            throw new WrongUsageException("--batch %d --steps %d: expected at least 1 each".formatted(batch, steps));
        }
        NativeLibraries.load(torch.class);
        List<Row> rows = rows();
        System.out.printf(
                "%-14s%6s%6s%7s%11s%10s%10s%10s  %s%n",
                "network",
                "size",
                "",
                "batch",
                "images/s",
                "ms",
                "MiB",
                "TFLOP/s",
                DeviceContext.gpus() > 0 ? "GPU" : "CPU");
        rows.forEach(this::measure);
        return 0;
    }

    /** One case; {@code name} is the start of its output line. */
    private record Row(String name, Recipe recipe, Architecture architecture) {}

    /**
     * Reads all cases before the first measurement, so that an error in the last one is reported at
     * once.
     */
    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String network : networks) {
            for (int size : sizes) {
                for (String precision : precisions) {
                    Recipe recipe = NetworkArguments.recipe(
                            network,
                            size,
                            "train.batch=" + batch,
                            "model.precision=" + precision,
                            "optimizer.kind=sgd");
                    String name = "%-14s%6d%6s%7d".formatted(network, size, precision, batch);
                    rows.add(new Row(name, recipe, NetworkArguments.architecture(recipe, CLASSES)));
                }
            }
        }
        return rows;
    }

    private void measure(Row row) {
        try {
            SpeedBenchmark.Result result = SpeedBenchmark.run(row.recipe(), row.architecture(), steps);
            System.out.printf(
                    Locale.ROOT,
                    "%s%11.1f%10.2f%10.0f%10.2f%n",
                    row.name(),
                    result.imagesPerSecond(),
                    result.millis(),
                    result.peakBytes() / (double) (1 << 20),
                    result.teraflops());
        } catch (RuntimeException e) {
            if (!String.valueOf(e.getMessage()).contains("out of memory")) {
                throw e;
            }
            System.out.println(row.name() + "  out of memory");
        }
    }
}
