package yolompi.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import yolompi.WrongUsageException;
import yolompi.detect.DetectionRule;
import yolompi.detect.NmsBenchmark;
import yolompi.recipe.EvalRecipe.Nms;

@Command(
        name = "nms",
        description = "Milliseconds that one core needs to suppress the overlapping boxes of an image, by each kind.")
final class BenchNmsCommand implements Callable<Integer> {
    private static final double CONFIDENCE = 0.001;
    private static final double MAX_IOU = 0.6;

    @Option(names = "--candidates", defaultValue = "10000", paramLabel = "N", description = "Boxes of the image.")
    private int candidates;

    @Option(names = "--objects", defaultValue = "50", paramLabel = "N", description = "What most of them lie about.")
    private int objects;

    @Option(names = "--classes", defaultValue = "80", paramLabel = "N", description = "Number of classes.")
    private int classes;

    @Option(names = "--max-detections", defaultValue = "100", paramLabel = "N", description = "Boxes kept, at most.")
    private int maxDetections;

    @Option(names = "--times", defaultValue = "500", paramLabel = "N", description = "How often each is measured.")
    private int times;

    @Override
    public Integer call() {
        if (Math.min(Math.min(candidates, objects), Math.min(classes, times)) < 1) {
            throw new WrongUsageException("--candidates, --objects, --classes and --times: expected 1 or more");
        }
        NmsBenchmark image = new NmsBenchmark(candidates, objects, classes, 1);
        System.out.printf("%d candidates about %d objects of %d classes%n", candidates, objects, classes);
        for (Nms kind : Nms.values()) {
            for (boolean agnostic : new boolean[] {false, true}) {
                DetectionRule rule = new DetectionRule(CONFIDENCE, kind, MAX_IOU, agnostic, true, maxDetections);
                double[] millis = image.run(rule, times);
                Arrays.sort(millis);
                System.out.printf(
                        Locale.ROOT,
                        "%-7s %-15s %6.2f ms (median; 90 %% take at most %.2f), %d boxes stay%n",
                        kind.name().toLowerCase(Locale.ROOT),
                        agnostic ? "across classes" : "class by class",
                        millis[times / 2],
                        millis[(int) (0.9 * times)],
                        image.found(rule));
            }
        }
        return 0;
    }
}
