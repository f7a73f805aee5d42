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
import yolompi.export.ExportedModel;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.torch.NativeLibraries;
import yolompi.weights.TrainedModel;

@Command(
        name = "export",
        description =
                "Exports a trained network for ONNX Runtime or LibTorch. Exports the averaged weights (EMA) if the"
                        + " checkpoint has them.")
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
            description = "Edge of the square input. Default: data.size of the training.")
    private Optional<Integer> size;

    @Option(
            names = "--batch",
            converter = BatchConverter.class,
            defaultValue = "1",
            paramLabel = "N|dynamic",
            description = "Batch size of the exported model; dynamic: any batch size at run time.")
    private BatchSize batch;

    @ArgGroup(exclusive = false)
    private SuppressionOptions suppression;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The .onnx or .pt file to write.")
    private Path out;

    /** Batch size; empty: dynamic. */
    record BatchSize(OptionalInt images) {}

    private static final class SuppressionOptions {
        @Option(
                names = "--with-nms",
                required = true,
                description =
                        "Include NMS in the model, so that it returns detections. The options below require this one.")
        private boolean requested;

        @Option(
                names = "--confidence",
                paramLabel = "P",
                defaultValue = "0.25",
                description = "Keep only boxes whose score is above P (0 to 1).")
        private double confidence;

        @Option(
                names = "--nms-iou",
                paramLabel = "P",
                defaultValue = "0.45",
                description = "NMS drops a box whose IoU with a better box of its class is higher.")
        private double nmsIou;

        @Option(
                names = "--max-detections",
                paramLabel = "N",
                defaultValue = "300",
                description = "Maximum number of boxes per image; the best are kept.")
        private int maxDetections;

        Optional<Suppression> rule() {
            return requested ? Optional.of(new Suppression(confidence, nmsIou, maxDetections)) : Optional.empty();
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
        Shape shape = Shape.of(trained.network().architecture(), batch.images(), edge);
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
