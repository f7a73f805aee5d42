package yolompi.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Network;

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
        Network network, List<String> names, String source, ExportShape shape, Optional<Suppression> suppression) {
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
}
