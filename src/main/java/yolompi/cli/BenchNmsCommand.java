package yolompi.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import yolompi.WrongUsageException;
import yolompi.bench.NmsBenchmark;
import yolompi.detect.NmsConfig;
import yolompi.recipe.EvalRecipe.Nms;

@Command(name = "nms", description = "Measures how long each NMS variant takes for one image on one core.")
final class BenchNmsCommand implements Callable<Integer> {
    private static final double CONFIDENCE = 0.001;
    private static final double MAX_IOU = 0.6;

    @Option(names = "--candidates", defaultValue = "10000", paramLabel = "N", description = "Candidate boxes.")
    private int candidates;

    @Option(
            names = "--objects",
            defaultValue = "50",
            paramLabel = "N",
            description = "Number of objects; 70 %% of the candidates lie near one.")
    private int objects;

    @Option(names = "--classes", defaultValue = "80", paramLabel = "N", description = "Number of classes.")
    private int classes;

    @Option(
            names = "--max-detections",
            defaultValue = "100",
            paramLabel = "N",
            description = "Maximum number of boxes.")
    private int maxDetections;

    @Option(names = "--times", defaultValue = "500", paramLabel = "N", description = "Measurements of each variant.")
    private int times;

    @Override
    public Integer call() {
        if (Math.min(Math.min(candidates, objects), Math.min(classes, times)) < 1) {
            throw new WrongUsageException("--candidates, --objects, --classes and --times: expected 1 or more");
        }
        NmsBenchmark image = new NmsBenchmark(candidates, objects, classes, 1);
        System.out.printf("%d candidates, %d objects, %d classes%n", candidates, objects, classes);
        for (Nms kind : Nms.values()) {
            for (boolean agnostic : new boolean[] {false, true}) {
                NmsConfig rule = new NmsConfig(CONFIDENCE, kind, MAX_IOU, agnostic, true, maxDetections);
                double[] millis = image.run(rule, times);
                Arrays.sort(millis);
                System.out.printf(
                        Locale.ROOT,
                        "%-7s %-15s %6.2f ms median, %.2f ms 90th percentile, %d boxes kept%n",
                        kind.name().toLowerCase(Locale.ROOT),
                        agnostic ? "class-agnostic" : "per class",
                        millis[times / 2],
                        millis[(int) (0.9 * times)],
                        image.found(rule));
            }
        }
        return 0;
    }
}
