package yolompi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import yolompi.bench.GeneratedDetections;
import yolompi.eval.DetectionReport;
import yolompi.eval.coco.CocoFiles;

@Command(
        name = "score",
        description =
                "Measures how long 'score' takes for generated detections. Keeps the files, so that other programs can"
                        + " use them.")
final class BenchScoreCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for bench-gt.json and bench-dt.json; existing files are replaced.")
    private Path out;

    @Option(names = "--images", defaultValue = "5000", paramLabel = "N", description = "Number of images.")
    private int images;

    @Option(names = "--boxes", defaultValue = "7", paramLabel = "N", description = "Ground-truth boxes per image.")
    private int boxes;

    @Option(names = "--detections", defaultValue = "100", paramLabel = "N", description = "Detections per image.")
    private int detections;

    @Option(names = "--classes", defaultValue = "80", paramLabel = "N", description = "Number of classes.")
    private int classes;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "The same seed gives the same files.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        Path groundTruth = out.resolve("bench-gt.json");
        Path found = out.resolve("bench-dt.json");
        new GeneratedDetections(images, boxes, detections, classes, seed).write(groundTruth, found);
        long begin = System.nanoTime();
        CocoFiles files = CocoFiles.read(groundTruth, found);
        long read = System.nanoTime();
        DetectionReport report = DetectionReport.of(files.set());
        long measured = System.nanoTime();
        System.out.printf(
                Locale.ROOT, "%d images, %d detections, %d classes%n", images, (long) images * detections, classes);
        System.out.printf(Locale.ROOT, "read     %7.2f s%n", seconds(read - begin));
        System.out.printf(
                Locale.ROOT,
                "measure  %7.2f s: AP %.6f%n",
                seconds(measured - read),
                report.coco().map5095());
        System.out.printf("%s and %s%n", groundTruth, found);
        return 0;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
