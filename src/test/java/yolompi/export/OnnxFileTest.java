package yolompi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.export.onnx.ModelProto;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;

/** Runs ONNX files in ONNX Runtime. */
final class OnnxFileTest extends ExportContract {
    private static final OrtEnvironment RUNTIME = OrtEnvironment.getEnvironment();

    OnnxFileTest() {
        super(ExportFormat.ONNX);
    }

    @Override
    OpenedModel open(Path file) {
        try {
            return new Session(RUNTIME.createSession(file.toString()));
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    private record Session(OrtSession session) implements OpenedModel {
        @Override
        public List<Output> run(float[] images, int count, int size) {
            long[] shape = {count, Shape.CHANNELS, size, size};
            try (OnnxTensor input = OnnxTensor.createTensor(RUNTIME, FloatBuffer.wrap(images), shape);
                    OrtSession.Result results = session.run(Map.of("images", input))) {
                List<Output> outputs = new ArrayList<>();
                for (Map.Entry<String, ?> each : results) {
                    OnnxTensor tensor = (OnnxTensor) each.getValue();
                    FloatBuffer values = tensor.getFloatBuffer();
                    float[] copy = new float[values.remaining()];
                    values.get(copy);
                    outputs.add(new Output(tensor.getInfo().getShape(), copy));
                }
                return outputs;
            } catch (OrtException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void fileStatesItsOpsetShapesAndMetadata() throws IOException, OrtException {
        Network network = RandomNetworks.builtIn("yolov3-tiny", 2);
        Path plain = export(network, OptionalInt.empty(), 64, Optional.empty());

        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(plain));
        assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(OnnxFile.OPSET);
        try (OrtSession session = RUNTIME.createSession(plain.toString())) {
            assertThat(shape(session.getInputInfo().get("images"))).containsExactly(-1, 3, 64, 64);
            assertThat(shape(session.getOutputInfo().get("boxes"))).containsExactly(-1, 60, 4);
            assertThat(shape(session.getOutputInfo().get("scores"))).containsExactly(-1, 60, 2);
        }
        Path suppressed = export(network, OptionalInt.of(2), 64, Optional.of(new Suppression(0.3, 0.4, 50)));
        try (OrtSession session = RUNTIME.createSession(suppressed.toString())) {
            assertThat(shape(session.getInputInfo().get("images"))).containsExactly(2, 3, 64, 64);
            assertThat(shape(session.getOutputInfo().get("detections"))).containsExactly(-1, 7);
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("source", "a.safetensors")
                    .containsEntry("names", "class0\nclass1")
                    .containsEntry("shapes", "images [2,3,64,64] -> detections [D,7]")
                    .containsEntry("confidence", "0.3")
                    .containsEntry("nms_iou", "0.4")
                    .containsEntry("max_detections", "50")
                    .containsKeys("images", "boxes");
        }
    }

    @Test
    void tooLargeNetworkIsRejected() {
        Architecture large = ArchitectureReader.parse("large.cfg", """
                [net]
                [convolutional]
                filters=20000
                [convolutional]
                filters=30000
                [convolutional]
                activation=linear
                [yolo]
                anchors=1,1
                """, List.of(), 1);

        assertThatThrownBy(() -> OnnxFile.refuseLarge(large))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("large.cfg has 600,")
                .hasMessageContaining("use --format torchscript");
    }

    private static long[] shape(NodeInfo node) {
        return ((TensorInfo) node.getInfo()).getShape();
    }
}
