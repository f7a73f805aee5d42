package yolompi.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import yolompi.detect.Detection;
import yolompi.detect.Detector;
import yolompi.detect.NmsConfig;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.export.OpenedModel.Output;
import yolompi.model.HeadDecoder;
import yolompi.model.Network;
import yolompi.model.YoloHead;
import yolompi.torch.DeviceContext;
import yolompi.torch.Tensors;

/** The outputs of the network and of Detector, for comparison with those of exported files. */
final class ReferenceOutputs {
    private static final double CLOSE = 1e-4;
    private static final double CLOSE_PIXELS = 1e-3;

    private ReferenceOutputs() {}

    /** The detections of Detector. */
    static List<List<Detection>> detections(Network network, byte[] pixels, int count, int size, Suppression rule) {
        NmsConfig greedy = NmsConfig.greedy(rule.confidence(), rule.maxIou(), rule.maxDetections());
        return new Detector(network, greedy, DeviceContext.PLAIN).detect(pixels, count, size);
    }

    /** Converts pixels {@code [N,S,S,3]} to the input of the network, float32 {@code [N,3,S,S]}. */
    static float[] input(byte[] pixels, int count, int size) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toFloats(Network.toInput(pixels, count, size, DeviceContext.PLAIN));
        }
    }

    /** An input of random numbers. */
    static float[] noise(int count, int size) {
        Random random = new Random(9);
        float[] values = new float[count * Shape.CHANNELS * size * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    /** Compares boxes and scores with those of the network. */
    static void assertClose(List<Output> found, Network network, float[] images, int count, int size) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard inference = new NoGradGuard()) {
            TensorVector boxes = new TensorVector();
            TensorVector scores = new TensorVector();
            List<Tensor> raw = network.forward(Tensors.ofFloats(images, count, Shape.CHANNELS, size, size), false);
            for (int i = 0; i < raw.size(); i++) {
                YoloHead head = network.architecture().heads().get(i);
                HeadDecoder values = new HeadDecoder(head, raw.get(i));
                Tensor sure = values.rows().sigmoid().reshape(count, -1, head.valuesPerAnchor());
                boxes.push_back(values.boxes());
                scores.push_back(sure.narrow(2, 5, head.classes()).mul(sure.narrow(2, 4, 1)));
            }
            assertThat(found).hasSize(2);
            assertClose(found.get(0), torch.cat(boxes, 1));
            assertClose(found.get(1), torch.cat(scores, 1));
        }
    }

    /**
     * Allows 1e-4 of a pixel or a probability; for large boxes 1e-4 of their largest coordinate,
     * because the other coordinates are differences from it.
     */
    private static void assertClose(Output found, Tensor expected) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        float[] values = Tensors.toFloats(expected);
        int row = Math.toIntExact(expected.size(2));
        for (int i = 0; i < values.length; i++) {
            float largest = 1;
            for (int j = i - i % row; j < i - i % row + row; j++) {
                largest = Math.max(largest, Math.abs(values[j]));
            }
            double difference = Math.abs(found.values()[i] - values[i]) / largest;
            if (!(difference <= CLOSE)) {
                assertThat(found.values()[i]).as("value %d", i).isEqualTo(values[i]);
            }
        }
    }

    /**
     * Compares detections. The order may differ if scores differ by less than the rounding errors
     * of the two programs.
     */
    static void assertSameDetections(float[] table, int image, List<Detection> expected) {
        List<Integer> rows = IntStream.range(0, table.length / Shape.DETECTION)
                .filter(row -> table[row * Shape.DETECTION] == image)
                .boxed()
                .toList();
        assertThat(rows).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            float score = table[rows.get(i) * Shape.DETECTION + 2];
            assertThat((double) score).isCloseTo(expected.get(i).score(), within(CLOSE));
            Detection detection = expected.get(i);
            assertThat(rows).anySatisfy(row -> assertDetection(table, row, image, detection));
        }
    }

    /** One row of a table of detections. */
    static void assertDetection(float[] table, int row, int image, Detection expected) {
        float[] found = Arrays.copyOfRange(table, row * Shape.DETECTION, (row + 1) * Shape.DETECTION);
        assertThat(found[0]).isEqualTo(image);
        assertThat(found[1]).isEqualTo(expected.classId());
        assertThat((double) found[2]).isCloseTo(expected.score(), within(CLOSE));
        double[] box = {
            expected.box().x1(),
            expected.box().y1(),
            expected.box().x2(),
            expected.box().y2()
        };
        for (int i = 0; i < box.length; i++) {
            assertThat((double) found[3 + i]).isCloseTo(box[i], within(CLOSE_PIXELS));
        }
    }
}
