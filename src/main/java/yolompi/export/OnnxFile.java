package yolompi.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import yolompi.InputException;
import yolompi.export.ExportedModel.Port;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.NetworkWriter.Predictions;
import yolompi.export.OnnxGraph.Axis;
import yolompi.export.onnx.GraphProto;
import yolompi.export.onnx.ModelProto;
import yolompi.export.onnx.OperatorSetIdProto;
import yolompi.export.onnx.StringStringEntryProto;
import yolompi.io.AtomicFile;
import yolompi.model.Architecture;

/**
 * Writes models as ONNX files. The input {@code images} is float32 {@code [N,3,S,S]}. The outputs
 * are {@code boxes} and {@code scores}, or {@code detections} with NMS: see {@link
 * ExportedModel.Shape}. Initializers have the names of a checkpoint. The model's metadata contains
 * everything else that a program needs.
 */
public final class OnnxFile {
    /**
     * The oldest opset with all operators in the form used here, so that most programs can run the
     * model.
     */
    public static final int OPSET = 13;

    /** The IR version (file format) that came with the opset. */
    private static final int IR_VERSION = 7;

    /**
     * Maximum number of weights: a protobuf message is smaller than 2 GiB, and the graph needs some
     * of that.
     */
    private static final long MAX_WEIGHTS = 500_000_000;

    private OnnxFile() {}

    /**
     * Creates or replaces {@code file}.
     *
     * @throws IOException if the file can't be written
     * @throws InputException if the network has more weights than an ONNX file can hold
     */
    public static void write(ExportedModel model, Path file) throws IOException {
        refuseLarge(model.network().architecture());
        ModelProto.Builder onnx = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName(ExportedModel.PRODUCER)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph(model));
        model.metadata()
                .forEach((key, value) -> onnx.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        ModelProto whole = onnx.build();
        AtomicFile.write(file, whole::writeTo);
    }

    static void refuseLarge(Architecture architecture) {
        if (architecture.parameters() > MAX_WEIGHTS) {
            throw new InputException(
                    "%s has %,d weights; an ONNX file (less than 2 GiB) holds at most %,d; use --format torchscript"
                            .formatted(architecture.source(), architecture.parameters(), MAX_WEIGHTS));
        }
    }

    private static GraphProto graph(ExportedModel model) {
        OnnxGraph graph = new OnnxGraph(ExportedModel.PRODUCER);
        Shape shape = model.shape();
        Axis images =
                shape.batch().isPresent() ? Axis.of(shape.batch().getAsInt()) : new Axis("N", OptionalInt.empty());
        Axis edge = Axis.of(shape.size());
        graph.input(Port.IMAGES, images, Axis.of(Shape.CHANNELS), edge, edge);
        Predictions predictions = new NetworkWriter(
                        model.network().architecture(), shape.size(), new OnnxOperators(graph, model.tensors()))
                .write(Port.IMAGES);
        if (model.suppression().isPresent()) {
            String found = new OnnxSuppression(graph, shape, model.suppression().get()).write(predictions);
            graph.output(Port.DETECTIONS, found, new Axis("D", OptionalInt.empty()), Axis.of(Shape.DETECTION));
        } else {
            Axis predictors = Axis.of(shape.predictors());
            graph.output(Port.BOXES, predictions.boxes(), images, predictors, Axis.of(4));
            graph.output(Port.SCORES, predictions.scores(), images, predictors, Axis.of(shape.classes()));
        }
        return graph.build();
    }
}
