package yolompi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TupleElements;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.model.Network;
import yolompi.torch.Tensors;

/** Runs TorchScript files in LibTorch. */
final class TorchScriptFileTest extends ExportContract {
    TorchScriptFileTest() {
        super(ExportFormat.TORCHSCRIPT);
    }

    @Override
    OpenedModel open(Path file) {
        return new Module(torch.load(file.toString()));
    }

    private record Module(JitModule module) implements OpenedModel {
        @Override
        public List<Output> run(float[] images, int count, int size) {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard inference = new NoGradGuard()) {
                Tensor input = Tensors.ofFloats(images, count, Shape.CHANNELS, size, size);
                IValue result = module.forward(new IValueVector(new IValue(input)));
                if (!result.isTuple()) {
                    return List.of(output(result));
                }
                TupleElements parts = result.toTuple().elements();
                return LongStream.range(0, parts.size())
                        .mapToObj(i -> output(parts.get(i)))
                        .toList();
            }
        }

        private static Output output(IValue value) {
            Tensor tensor = value.toTensor();
            return new Output(tensor.shape(), Tensors.toFloats(tensor));
        }

        @Override
        public void close() {
            module.close();
        }
    }

    @Test
    void fileContainsItsMetadata() throws IOException {
        Network network = RandomNetworks.builtIn("yolov3-tiny", 2);
        Path file = export(network, OptionalInt.of(1), 64, Optional.of(new Suppression(0.3, 0.4, 50)));

        try (ZipFile zip = new ZipFile(file.toFile())) {
            try (InputStream in = zip.getInputStream(zip.getEntry("model/extra/" + TorchScriptFile.METADATA))) {
                JsonNode metadata = new ObjectMapper().readTree(in);
                assertThat(metadata.get("names").asText()).isEqualTo("class0\nclass1");
                assertThat(metadata.get("shapes").asText()).isEqualTo("images [1,3,64,64] -> detections [D,7]");
                assertThat(metadata.get("confidence").asText()).isEqualTo("0.3");
            }
        }
    }

    @Test
    void imagesOfAnotherShapeAreRejected() throws IOException {
        Network network = RandomNetworks.builtIn("yolov3-tiny", 1);

        try (OpenedModel model = open(export(network, OptionalInt.of(1), 64, Optional.empty()))) {
            assertThatThrownBy(() -> model.run(new float[3 * 96 * 96], 1, 96))
                    .hasMessageContaining("expected images of shape [1, 3, 64, 64]");
            assertThatThrownBy(() -> model.run(new float[2 * 3 * 64 * 64], 2, 64))
                    .hasMessageContaining("expected images of shape [1, 3, 64, 64]");
        }
    }
}
