package yolompi.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import yolompi.WrongUsageException;
import yolompi.detect.NmsConfig;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.model.YoloHead;

/**
 * The content of an exported file.
 *
 * @param network with its weights, on the CPU; batch norms use their running statistics
 * @param names class names
 * @param source origin of the weights, such as the path of the checkpoint
 * @param suppression NMS after the network; empty: the outputs are boxes and scores of all
 *     predictors
 */
public record ExportedModel(
        Network network, List<String> names, String source, Shape shape, Optional<Suppression> suppression) {
    /** Name of the producer in the file. */
    static final String PRODUCER = "yolo-mpi";

    private static final String INPUT_RULE =
            "float32 RGB, 0 to 1; the image is scaled by one factor to fit into the square, centered,"
                    + " and the rest is gray (128/255)";
    private static final String BOX_RULE = "x1, y1, x2, y2 in pixels of the square input";

    /** Names of inputs and outputs in every format. */
    static final class Port {
        static final String IMAGES = "images";
        static final String BOXES = "boxes";
        static final String SCORES = "scores";
        static final String DETECTIONS = "detections";

        private Port() {}
    }

    /** Inputs and outputs as text. */
    public String describe() {
        return shape.describe(suppression.isPresent());
    }

    /** Everything else that a program needs to know, by key; stored in the file. */
    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("source", source);
        metadata.put("names", String.join("\n", names));
        metadata.put("shapes", describe());
        metadata.put("images", INPUT_RULE);
        metadata.put("boxes", BOX_RULE);
        metadata.put("scores", "objectness times class probability");
        suppression.ifPresent(rule -> {
            metadata.put("detections", "image, class, score, x1, y1, x2, y2; image by image, best first");
            metadata.put("confidence", Double.toString(rule.confidence()));
            metadata.put("nms_iou", Double.toString(rule.maxIou()));
            metadata.put("max_detections", Integer.toString(rule.maxDetections()));
        });
        return metadata;
    }

    /** All tensors of the network, by name. */
    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new TreeMap<>();
        Stream.concat(network.parameters().stream(), network.buffers().stream())
                .forEach(each -> tensors.put(each.name(), each.tensor()));
        return tensors;
    }

    /**
     * Shapes of the inputs and outputs of an exported model.
     *
     * @param batch images per run; empty: any number
     * @param size edge of the square input, pixels
     * @param predictors boxes per image before NMS
     * @param classes number of classes
     */
    public record Shape(OptionalInt batch, int size, int predictors, int classes) {
        /** Maximum edge of an input, pixels, as in a recipe. */
        private static final int MAX_EDGE = 4096;

        /** Channels of an image. */
        static final int CHANNELS = 3;

        /** Values of a detection: image, class, score, x1, y1, x2, y2. */
        static final int DETECTION = 7;

        /**
         * The shape of a network for inputs of one size.
         *
         * @throws WrongUsageException if the size is too large or not a multiple of the largest
         *     stride, or the batch is empty
         */
        public static Shape of(Architecture architecture, OptionalInt batch, int size) {
            int stride = architecture.largestStride();
            if (size < 1 || size % stride != 0) {
                throw new WrongUsageException("--size %d: expected a multiple of %d, the largest stride of %s"
                        .formatted(size, stride, architecture.source()));
            }
            if (batch.isPresent() && batch.getAsInt() < 1) {
                throw new WrongUsageException("--batch " + batch.getAsInt() + ": expected 1 or more, or dynamic");
            }
            List<YoloHead> heads = architecture.heads();
            if (size > MAX_EDGE) {
                throw new WrongUsageException("--size %d: expected at most %d".formatted(size, MAX_EDGE));
            }
            int predictors = heads.stream()
                    .mapToInt(head ->
                            head.cells(size) * head.cells(size) * head.anchors().size())
                    .sum();
            return new Shape(batch, size, predictors, heads.get(0).classes());
        }

        /**
         * Inputs and outputs as text, such as
         * {@code images [1,3,416,416] -> boxes [1,10647,4], scores [1,10647,20]}.
         */
        String describe(boolean suppressed) {
            String images = batch.isPresent() ? Integer.toString(batch.getAsInt()) : "N";
            String outputs = suppressed
                    ? "detections [D,%s]".formatted(DETECTION)
                    : "boxes [%1$s,%2$s,4], scores [%1$s,%2$s,%3$s]".formatted(images, predictors, classes);
            return "images [%s,%s,%s,%s] -> %s".formatted(images, CHANNELS, size, size, outputs);
        }
    }

    /**
     * NMS as part of an exported model, with the result of {@link yolompi.detect.Detector}.
     *
     * @param confidence boxes with this score or a lower one are dropped first, 0 to 1
     * @param maxIou NMS threshold: of two boxes of a class with a higher IoU, the better one is
     *     kept
     * @param maxDetections maximum number of boxes per image; the best are kept
     */
    public record Suppression(double confidence, double maxIou, int maxDetections) {
        public Suppression {
            NmsConfig.greedy(confidence, maxIou, maxDetections); // checks the ranges
        }

        /**
         * The largest float that does not exceed {@link #maxIou}: see {@link
         * NmsConfig#iouBound}.
         */
        float iouBound() {
            return NmsConfig.iouBound(maxIou);
        }
    }
}
