package yolompi.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.geometry.Box;
import yolompi.geometry.Letterbox;
import yolompi.model.Network;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Precision;
import yolompi.torch.Tensors;

/**
 * A network whose weights turn colors into objects, so that every detection is known. A red cell of
 * 4 × 4 pixels is an object, of class 0 if it is also green and of class 1 if it is also blue.
 * Green without red is a wider object of class 0 beside the center of the cell. Blue without red is
 * a large object of class 1.
 */
@ExtendWith(LoadLibTorch.class)
final class DetectorTest {
    private static final String CFG = """
            [net]
            [maxpool]
            size=4
            stride=4
            padding=0
            [convolutional]
            filters=14
            activation=linear
            [yolo]
            mask=0,1
            anchors=4,4, 4,4, 8,8
            [route]
            layers=0
            [maxpool]
            size=2
            stride=2
            [convolutional]
            filters=7
            activation=linear
            [yolo]
            mask=2
            anchors=4,4, 4,4, 8,8
            """;
    /**
     * One row per channel: the weights of red, green and blue (0 to 1) in the logit, and the bias.
     */
    private static final float[][] FINE = {
        {0, 0, 0, 0}, // anchor 0: at the center of the cell, the anchor's size
        {0, 0, 0, 0},
        {0, 0, 0, 0},
        {0, 0, 0, 0},
        {20, 0, 0, -10},
        {0, 20, 0, -10},
        {0, 0, 20, -10},
        {0, 0, 0, (float) -Math.log(3)}, // anchor 1: at 1/4 and 3/4 of the cell, twice as wide
        {0, 0, 0, (float) Math.log(3)},
        {0, 0, 0, (float) Math.log(2)},
        {0, 0, 0, 0},
        {-20, 20, 0, -10},
        {0, 0, 0, 10},
        {0, 0, 0, -10},
    };

    private static final float[][] COARSE = {
        {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {-20, 0, 20, -10}, {0, 0, 0, -10}, {0, 0, 0, 10},
    };

    private static final int SIZE = 16;
    private static final int RED = 0xFF0000;
    private static final int GREEN = 0x00FF00;
    private static final int BLUE = 0x0000FF;
    private static final float SURE = (float) Math.pow(1 / (1 + Math.exp(-10)), 2);

    private static Network network;

    @BeforeAll
    static void setTheWeights() {
        network = new Network(ArchitectureReader.parse("colors.cfg", CFG, List.of(), 2), 1);
        set("layers.1.conv", FINE);
        set("layers.5.conv", COARSE);
    }

    @Test
    void everyBoxIsDetectedInItsImageWithItsClass() {
        byte[] pixels = new byte[3 * SIZE * SIZE * 3];
        paint(pixels, 0, 1, 2, RED | GREEN);
        paint(pixels, 2, 3, 0, GREEN);
        paint(pixels, 2, 0, 3, BLUE);

        List<List<Detection>> found =
                detector(0.001, 0.6, 100, DeviceContext.PLAIN).detect(pixels, 3, SIZE);

        assertThat(found).hasSize(3);
        assertThat(found.get(0)).hasSize(1);
        assertDetection(found.get(0).get(0), 0, new Box(4, 8, 8, 12));
        assertThat(found.get(1)).isEmpty();
        assertThat(found.get(2)).hasSize(2);
        assertDetection(ofClass(found.get(2), 0), 0, new Box(9, 1, 17, 5));
        assertDetection(ofClass(found.get(2), 1), 1, new Box(0, 8, 8, 16));
    }

    @Test
    void bfloat16DetectsTheSameBoxes() {
        byte[] pixels = new byte[SIZE * SIZE * 3];
        paint(pixels, 0, 3, 0, GREEN);
        paint(pixels, 0, 0, 3, BLUE);

        List<Detection> exact = detector(0.001, 0.6, 100, DeviceContext.PLAIN)
                .detect(pixels, 1, SIZE)
                .get(0);
        List<Detection> rounded = detector(0.001, 0.6, 100, DeviceContext.cpu(Precision.BF16))
                .detect(pixels, 1, SIZE)
                .get(0);

        assertThat(rounded).hasSize(2);
        for (int id = 0; id < 2; id++) {
            assertThat(ofClass(rounded, id).box().iou(ofClass(exact, id).box())).isGreaterThan(0.98f);
        }
    }

    @Test
    void oneBoxCanHaveSeveralClasses() {
        byte[] pixels = new byte[SIZE * SIZE * 3];
        paint(pixels, 0, 2, 1, RED | GREEN | BLUE);

        List<Detection> found = detector(0.001, 0.6, 100, DeviceContext.PLAIN)
                .detect(pixels, 1, SIZE)
                .get(0);

        assertThat(found).extracting(Detection::classId).containsExactlyInAnyOrder(0, 1);
        assertThat(found).allSatisfy(each -> assertThat(each.box()).isEqualTo(new Box(8, 4, 12, 8)));
    }

    @Test
    void scoresBelowTheConfidenceAreDropped() {
        byte[] pixels = new byte[SIZE * SIZE * 3];
        paint(pixels, 0, 0, 0, 128 << 16 | GREEN);
        double score = Math.sqrt(SURE) / (1 + Math.exp(10 - 20 * 128 / 255.0));

        assertThat(detector(score + 0.001, 0.6, 100, DeviceContext.PLAIN)
                        .detect(pixels, 1, SIZE)
                        .get(0))
                .isEmpty();
        List<Detection> found = detector(score - 0.001, 0.6, 100, DeviceContext.PLAIN)
                .detect(pixels, 1, SIZE)
                .get(0);
        assertThat(found).hasSize(1);
        assertThat((double) found.get(0).score()).isCloseTo(score, within(1e-5));
    }

    @Test
    void nmsKeepsTheBestOfOverlappingBoxes() {
        byte[] pixels = new byte[SIZE * SIZE * 3];
        paint(pixels, 0, 0, 0, 200 << 8); // IoU 1/3 with its neighbor
        paint(pixels, 0, 1, 0, GREEN);

        List<Detection> apart = detector(0.001, 0.3, 100, DeviceContext.PLAIN)
                .detect(pixels, 1, SIZE)
                .get(0);
        List<Detection> both = detector(0.001, 0.4, 100, DeviceContext.PLAIN)
                .detect(pixels, 1, SIZE)
                .get(0);
        List<Detection> one = detector(0.001, 0.4, 1, DeviceContext.PLAIN)
                .detect(pixels, 1, SIZE)
                .get(0);

        assertThat(apart).hasSize(1);
        assertDetection(apart.get(0), 0, new Box(1, 1, 9, 5));
        assertThat(both).hasSize(2);
        assertThat(both.get(0)).isEqualTo(apart.get(0));
        assertThat(both.get(1).score()).isLessThan(both.get(0).score());
        assertThat(one).containsExactly(both.get(0));
    }

    @Test
    void detectionIsInImageCoordinates() {
        Letterbox letterbox = Letterbox.fit(200, 100, 100); // half as large, 25 rows of padding

        assertThat(new Detection(1, 0.5f, new Box(-10, 30, 50, 60)).inImage(letterbox, 200, 100))
                .contains(new Detection(1, 0.5f, new Box(0, 10, 100, 70)));
        assertThat(new Detection(1, 0.5f, new Box(10, 5, 50, 20)).inImage(letterbox, 200, 100))
                .isEmpty();
    }

    private static Detector detector(double confidence, double nmsIou, int maxDetections, DeviceContext device) {
        return new Detector(network, NmsConfig.greedy(confidence, nmsIou, maxDetections), device);
    }

    private static Detection ofClass(List<Detection> found, int id) {
        return found.stream()
                .filter(detection -> detection.classId() == id)
                .findFirst()
                .orElseThrow();
    }

    private static void assertDetection(Detection found, int classId, Box box) {
        assertThat(found.classId()).isEqualTo(classId);
        assertThat(found.score()).isCloseTo(SURE, within(1e-5f));
        assertThat(new float[] {
                    found.box().x1(),
                    found.box().y1(),
                    found.box().x2(),
                    found.box().y2()
                })
                .containsExactly(new float[] {box.x1(), box.y1(), box.x2(), box.y2()}, within(1e-4f));
    }

    private static void paint(byte[] pixels, int image, int column, int row, int rgb) {
        for (int y = 4 * row; y < 4 * row + 4; y++) {
            for (int x = 4 * column; x < 4 * column + 4; x++) {
                int at = ((image * SIZE + y) * SIZE + x) * 3;
                pixels[at] = (byte) (rgb >> 16);
                pixels[at + 1] = (byte) (rgb >> 8);
                pixels[at + 2] = (byte) rgb;
            }
        }
    }

    private static void set(String layer, float[][] channels) {
        float[] weights = new float[3 * channels.length];
        float[] biases = new float[channels.length];
        for (int i = 0; i < channels.length; i++) {
            System.arraycopy(channels[i], 0, weights, 3 * i, 3);
            biases[i] = channels[i][3];
        }
        try (NoGradGuard constant = new NoGradGuard()) {
            parameter(layer + ".weight").copy_(Tensors.ofFloats(weights, channels.length, 3, 1, 1));
            parameter(layer + ".bias").copy_(Tensors.ofFloats(biases, channels.length));
        }
    }

    private static Tensor parameter(String name) {
        return network.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow()
                .tensor();
    }
}
