package yolompi.export;

import java.util.ArrayList;
import java.util.List;
import yolompi.model.Activation;
import yolompi.model.Architecture;
import yolompi.model.HeadValues;
import yolompi.model.LayerSpec;
import yolompi.model.YoloHead;

/**
 * Writes a network with the operators of a format: its layers as in {@link yolompi.model.Network},
 * then its boxes and scores.
 */
final class NetworkWriter {
    /** Positions of the raw values in a row. */
    private static final int SIZE_AT = 2;

    private static final int OBJECTNESS_AT = 4;
    private static final int CLASSES_AT = 5;

    private static final int CHANNEL_AXIS = 1;
    private static final int ROW_AXIS = 1;
    private static final int VALUE_AXIS = 2;

    private final Architecture architecture;
    private final int size;
    private final Operators operators;

    /** For square inputs of {@code size} pixels. */
    NetworkWriter(Architecture architecture, int size, Operators operators) {
        this.architecture = architecture;
        this.size = size;
        this.operators = operators;
    }

    /**
     * Predictions of all predictors, head after head, in the order row, column, anchor.
     *
     * @param boxes {@code [N,P,4]}: x1, y1, x2, y2 in input pixels
     * @param scores {@code [N,P,C]}: objectness times class probability
     */
    record Predictions(String boxes, String scores) {}

    /**
     * Adds the whole network.
     *
     * @param images name of the input, {@code [N,3,S,S]}
     */
    Predictions write(String images) {
        List<String> outputs = new ArrayList<>();
        List<String> boxes = new ArrayList<>();
        List<String> scores = new ArrayList<>();
        String current = images;
        for (int i = 0; i < architecture.layers().size(); i++) {
            operators.begin("layers." + i);
            LayerSpec spec = architecture.layers().get(i);
            current = layer(i, spec, current, outputs);
            outputs.add(current);
            if (spec instanceof LayerSpec.Yolo yolo) {
                String rows = operators.rows(current, yolo.head().valuesPerAnchor());
                boxes.add(boxes(yolo.head(), rows));
                scores.add(scores(yolo.head(), rows));
            }
        }
        operators.begin("predictions");
        return new Predictions(operators.concatenate(boxes, ROW_AXIS), operators.concatenate(scores, ROW_AXIS));
    }

    private String layer(int number, LayerSpec spec, String input, List<String> outputs) {
        if (spec instanceof LayerSpec.Convolution convolution) {
            String sums = operators.convolution(number, convolution, input);
            String normal = convolution.batchNorm() ? operators.batchNorm(number, sums) : sums;
            return activated(convolution.activation(), normal);
        } else if (spec instanceof LayerSpec.MaxPool pool) {
            return operators.maxPool(pool, input);
        } else if (spec instanceof LayerSpec.Upsample upsample) {
            String repeated = operators.upsample(upsample.factor(), input);
            return upsample.scale() == 1
                    ? repeated
                    : operators.multiply(repeated, operators.constant(upsample.scale()));
        } else if (spec instanceof LayerSpec.Route route) {
            return route(route, outputs);
        } else if (spec instanceof LayerSpec.Shortcut shortcut) {
            String sum = input;
            for (int other : shortcut.from()) {
                sum = operators.add(sum, outputs.get(other));
            }
            return activated(shortcut.activation(), sum);
        }
        return input; // a head's raw values
    }

    private String activated(Activation activation, String input) {
        return activation == Activation.LINEAR ? input : operators.activation(activation, input);
    }

    private String route(LayerSpec.Route route, List<String> outputs) {
        List<String> parts = new ArrayList<>();
        for (int number : route.from()) {
            int channels = architecture.layers().get(number).channels() / route.groups();
            int first = route.group() * channels;
            String output = outputs.get(number);
            parts.add(route.groups() == 1 ? output : operators.slice(output, CHANNEL_AXIS, first, first + channels));
        }
        return parts.size() == 1 ? parts.get(0) : operators.concatenate(parts, CHANNEL_AXIS);
    }

    /** Decodes boxes like {@link HeadValues#boxes()}. */
    private String boxes(YoloHead head, String rows) {
        String centers = operators.multiply(
                operators.add(offsets(head, rows), grid(head, 0)), operators.constant(head.stride()));
        String exponents = operators.atMost(
                operators.slice(rows, VALUE_AXIS, SIZE_AT, OBJECTNESS_AT), HeadValues.LARGEST_EXPONENT);
        String sizes = operators.multiply(operators.exponential(exponents), grid(head, 2));
        String halves = operators.multiply(sizes, operators.constant(0.5));
        return operators.concatenate(
                List.of(operators.subtract(centers, halves), operators.add(centers, halves)), VALUE_AXIS);
    }

    private String offsets(YoloHead head, String rows) {
        float scale = head.centerScale();
        String inside = operators.activation(Activation.LOGISTIC, operators.slice(rows, VALUE_AXIS, 0, SIZE_AT));
        return scale == 1
                ? inside
                : operators.subtract(
                        operators.multiply(inside, operators.constant(scale)), operators.constant((scale - 1) / 2));
    }

    /** Two adjacent columns of the head's grid, {@code [1,G*G*A,2]}. */
    private String grid(YoloHead head, int from) {
        float[] grid = head.grid(head.cells(size));
        float[] columns = new float[grid.length / 2];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = grid[i / 2 * 4 + from + i % 2];
        }
        return operators.constant(columns, 1, columns.length / 2, 2);
    }

    private String scores(YoloHead head, String rows) {
        String objectness = operators.slice(rows, VALUE_AXIS, OBJECTNESS_AT, CLASSES_AT);
        String classes = operators.slice(rows, VALUE_AXIS, CLASSES_AT, head.valuesPerAnchor());
        return operators.multiply(
                operators.activation(Activation.LOGISTIC, classes),
                operators.activation(Activation.LOGISTIC, objectness));
    }
}
