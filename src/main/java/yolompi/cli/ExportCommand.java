package yolompi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import yolompi.export.ExportFormat;
import yolompi.export.ExportShape;
import yolompi.export.ExportedModel;
import yolompi.export.Suppression;
import yolompi.torch.NativeLibraries;
import yolompi.train.TrainedModel;

@Command(
        name = "export",
        description =
                "Writes a trained network, the averaged weights where there are some, for ONNX Runtime or LibTorch to run.")
final class ExportCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    @Option(
            names = "--weights",
            required = true,
            paramLabel = "CHECKPOINT",
            description = "Checkpoint of a training, such as RUN/checkpoints/best.safetensors.")
    private Path weights;

    @Option(
            names = "--format",
            required = true,
            converter = FormatConverter.class,
            paramLabel = "FORMAT",
            description = "onnx or torchscript.")
    private ExportFormat format;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Edge of the square input. Default: that of the training.")
    private Optional<Integer> size;

    @Option(
            names = "--batch",
            converter = BatchConverter.class,
            defaultValue = "1",
            paramLabel = "N|dynamic",
            description = "Images at once; dynamic: as many as there are at each run.")
    private BatchSize batch;

    @ArgGroup(exclusive = false)
    private SuppressionOptions suppression;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The .onnx or .pt file to write.")
    private Path out;

    /** Images at once; empty: dynamic. */
    record BatchSize(OptionalInt images) {}

    private static final class SuppressionOptions {
        @Option(
                names = "--with-nms",
                required = true,
                description =
                        "The model suppresses overlapping boxes itself, and gives detections. The options below need it.")
        private boolean wanted;

        @Option(
                names = "--confidence",
                paramLabel = "P",
                defaultValue = "0.25",
                description = "Only boxes with a higher score, 0 to 1, count.")
        private double confidence;

        @Option(
                names = "--nms-iou",
                paramLabel = "P",
                defaultValue = "0.45",
                description =
                        "Of two boxes of a class that overlap by more (intersection over union), the better stays.")
        private double nmsIou;

        @Option(
                names = "--max-detections",
                paramLabel = "N",
                defaultValue = "300",
                description = "Boxes of an image, the best first.")
        private int maxDetections;

        Optional<Suppression> rule() {
            return wanted ? Optional.of(new Suppression(confidence, nmsIou, maxDetections)) : Optional.empty();
        }
    }

    @Override
    public Integer call() throws IOException {
        format.checkEnding(out);
        OutputFiles.check("--out", Optional.of(out));
        OutputFiles.keepApart("--out", Optional.of(out), "--weights", weights);
        Optional<Suppression> rule = Optional.ofNullable(suppression).flatMap(SuppressionOptions::rule);
        NativeLibraries.load(torch.class);
        TrainedModel trained = TrainedModel.load(weights);
        int edge = size.orElse(trained.recipe().data().size());
        ExportShape shape = ExportShape.of(trained.network().architecture(), batch.images(), edge);
        ExportedModel model = new ExportedModel(trained.network(), trained.names(), weights.toString(), shape, rule);
        format.write(model, out);
        System.out.printf(
                Locale.ROOT,
                "%s: %s, in %s (%.1f MiB)%n",
                format.title(),
                model.describe(),
                out,
                Files.size(out) / MIB);
        return 0;
    }

    static final class FormatConverter extends EnumConverter<ExportFormat> {
        FormatConverter() {
            super(ExportFormat.class);
        }
    }

    static final class BatchConverter implements ITypeConverter<BatchSize> {
        @Override
        public BatchSize convert(String value) {
            if (value.equals("dynamic")) {
                return new BatchSize(OptionalInt.empty());
            }
            try {
                return new BatchSize(OptionalInt.of(Integer.parseInt(value)));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("found '" + value + "', expected a number or dynamic");
            }
        }
    }
}
