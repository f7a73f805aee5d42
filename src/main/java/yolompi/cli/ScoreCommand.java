package yolompi.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.eval.DetectionReport;
import yolompi.eval.ReportJson;
import yolompi.eval.coco.CocoFiles;
import yolompi.eval.metric.VocMetrics;

@Command(
        name = "score",
        description =
                "Evaluates detections of any program, in COCO's result format, with the protocols of COCO and Pascal"
                        + " VOC.")
final class ScoreCommand implements Callable<Integer> {
    /** The evaluation protocol. */
    enum Protocol {
        COCO,
        VOC07,
        VOC12;

        private DetectionReport report(CocoFiles files) {
            return switch (this) {
                case COCO -> DetectionReport.of(files.set());
                case VOC07 -> DetectionReport.of(files.set(), VocMetrics.Protocol.VOC07);
                case VOC12 -> DetectionReport.of(files.set(), VocMetrics.Protocol.VOC12);
            };
        }
    }

    @Option(
            names = "--ground-truth",
            required = true,
            paramLabel = "GT.json",
            description = "Ground truth: COCO instance annotations. An annotation may have VOC's field 'difficult'.")
    private Path groundTruth;

    @Option(
            names = "--detections",
            required = true,
            paramLabel = "DT.json",
            description = "Detections in COCO's result format, such as those of 'eval --detections'.")
    private Path detections;

    @Option(
            names = "--protocol",
            defaultValue = "coco",
            converter = ProtocolConverter.class,
            paramLabel = "NAME",
            description = "coco; voc07 and voc12 add VOC's AP (11-point interpolation or area under the curve).")
    private Protocol protocol;

    @Option(
            names = "--json",
            paramLabel = "OUT.json",
            showDefaultValue = Visibility.NEVER,
            description = "Also write all metrics, curves and the confusion matrix.")
    private Optional<Path> json = Optional.empty();

    static final class ProtocolConverter extends EnumConverter<Protocol> {
        ProtocolConverter() {
            super(Protocol.class);
        }
    }

    @Override
    public Integer call() throws IOException {
        OutputFiles.check("--json", json);
        OutputFiles.keepApart("--json", json, "--ground-truth", groundTruth);
        OutputFiles.keepApart("--json", json, "--detections", detections);
        CocoFiles files = CocoFiles.read(groundTruth, detections);
        files.notes().forEach(note -> System.err.println("yolo-mpi: " + note));
        DetectionReport report = protocol.report(files);
        ReportTables.twelve(report.coco()).forEach(System.out::println);
        System.out.println();
        ReportTables.lines(report).forEach(System.out::println);
        json.ifPresent(file -> write(file, report));
        return 0;
    }

    static void write(Path file, DetectionReport report) {
        try {
            ReportJson.write(file, report);
            System.out.println("numbers in " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't write the numbers: " + e.getMessage(), e);
        }
    }
}
