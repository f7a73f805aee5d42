package yolompi.export;

import java.util.List;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.export.NetworkWriter.Predictions;
import yolompi.export.OnnxGraph.Attribute;
import yolompi.export.onnx.TensorProto.DataType;

/**
 * The NMS of {@link yolompi.detect.Detector} in ONNX operators.
 *
 * <p>NonMaxSuppression keeps the best boxes of each class. Then the best boxes of all classes are
 * selected as in Detector, equal scores in the order of predictor and class: kept scores stay at
 * their positions in {@code [N,P,C]}, all others become 0, and TopK selects the largest scores of
 * each image.
 *
 * <p>Detector considers only the 30,000 best candidates of an image; this graph considers all. The
 * results differ only if fewer than {@code maxDetections} of the 30,000 remain after NMS.
 */
final class OnnxSuppression {
    private final OnnxGraph graph;
    private final Shape shape;
    private final Suppression rule;

    OnnxSuppression(OnnxGraph graph, Shape shape, Suppression rule) {
        this.graph = graph;
        this.shape = shape;
        this.rule = rule;
    }

    /**
     * Adds the nodes and returns the name of the detections, float32 {@code [D,7]}: image, class,
     * score, x1, y1, x2, y2.
     */
    String write(Predictions predictions) {
        graph.begin("suppression");
        String candidates = flat(keptScores(predictions));
        int most = Math.min(rule.maxDetections(), shape.predictors() * shape.classes());
        List<String> best = List.of("suppression/scores", "suppression/positions"); // [N,most] each
        graph.nodeInto(
                "TopK",
                List.of(candidates, graph.longs(most)),
                best,
                Attribute.of("axis", 1),
                Attribute.of("sorted", 1));
        String found = graph.node("Greater", List.of(best.get(0), graph.floats(new float[] {0}, 1)));
        String places = graph.node(
                "Transpose", List.of(graph.node("NonZero", List.of(found))), Attribute.list("perm", 1, 0)); // [D,2]
        String image = column(places, 0);
        String score = gather(best.get(0), places);
        String position = column(gather(best.get(1), places));
        String classes = graph.longs(shape.classes());
        String predictor = graph.node("Div", List.of(position, classes));
        String classId = graph.node("Mod", List.of(position, classes));
        String boxes = gather(predictions.boxes(), concatenate(image, predictor)); // [D,4]
        return concatenate(number(image), number(classId), column(score), boxes);
    }

    /** Scores of the boxes that NMS keeps, 0 for all others, {@code [N,P,C]}. */
    private String keptScores(Predictions predictions) {
        String byClass =
                graph.node("Transpose", List.of(predictions.scores()), Attribute.list("perm", 0, 2, 1)); // [N,C,P]
        String kept = graph.node(
                "NonMaxSuppression",
                List.of(
                        predictions.boxes(),
                        byClass,
                        graph.longs(rule.maxDetections()),
                        graph.floats(new float[] {rule.iouBound()}, 1),
                        graph.floats(new float[] {(float) rule.confidence()}, 1))); // [K,3]: image, class, predictor
        String places = graph.node("Gather", List.of(kept, graph.longs(0, 2, 1)), Attribute.of("axis", 1)); // [K,3]
        String zeros = graph.node("Mul", List.of(predictions.scores(), graph.floats(new float[] {0}, 1)));
        return graph.node("ScatterND", List.of(zeros, places, gather(predictions.scores(), places)));
    }

    private String flat(String scores) {
        return graph.node("Reshape", List.of(scores, graph.longs(0, -1)));
    }

    private String gather(String values, String places) {
        return graph.node("GatherND", List.of(values, places));
    }

    private String column(String table, int index) {
        return graph.node("Gather", List.of(table, graph.longs(index)), Attribute.of("axis", 1));
    }

    private String column(String values) {
        return graph.node("Reshape", List.of(values, graph.longs(-1, 1)));
    }

    private String number(String integers) {
        return graph.node("Cast", List.of(integers), Attribute.of("to", DataType.FLOAT.getNumber()));
    }

    private String concatenate(String... columns) {
        return graph.node("Concat", List.of(columns), Attribute.of("axis", 1));
    }
}
