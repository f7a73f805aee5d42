package yolompi.export;

import java.util.ArrayList;
import java.util.List;
import yolompi.model.Activation;
import yolompi.model.Architecture;
import yolompi.model.HeadDecoder;
import yolompi.model.LayerSpec;
import yolompi.model.YoloHead;

/**
 * Writes a network with the operators of a format: its layers as in {@link yolompi.model.Network},
 * then its boxes and scores.
 */
final class NetworkWriter implements LayerSpec.Visitor<String> {
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

    private final List<String> outputs = new ArrayList<>(); // of the layers written so far
    private final List<String> boxes = new ArrayList<>(); // of the heads written so far
    private final List<String> scores = new ArrayList<>();
    private String current = "";

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
        current = images;
        for (LayerSpec layer : architecture.layers()) {
            operators.begin("layers." + outputs.size());
            current = layer.accept(this);
            outputs.add(current);
        }
        operators.begin("predictions");
        return new Predictions(operators.concatenate(boxes, ROW_AXIS), operators.concatenate(scores, ROW_AXIS));
    }

    @Override
    public String convolution(LayerSpec.Convolution convolution) {
        int number = outputs.size();
        String sums = operators.convolution(number, convolution, current);
        String normal = convolution.batchNorm() ? operators.batchNorm(number, sums) : sums;
        return activated(convolution.activation(), normal);
    }

    @Override
    public String maxPool(LayerSpec.MaxPool pool) {
        return operators.maxPool(pool, current);
    }

    @Override
    public String upsample(LayerSpec.Upsample upsample) {
        String repeated = operators.upsample(upsample.factor(), current);
        return upsample.scale() == 1 ? repeated : operators.multiply(repeated, operators.constant(upsample.scale()));
    }

    @Override
    public String route(LayerSpec.Route route) {
        List<String> parts =
                route.from().stream().map(number -> part(route, number)).toList();
        return parts.size() == 1 ? parts.get(0) : operators.concatenate(parts, CHANNEL_AXIS);
    }

    private String part(LayerSpec.Route route, int number) {
        int channels = architecture.layers().get(number).channels() / route.groups();
        int first = route.group() * channels;
        String output = outputs.get(number);
        return route.groups() == 1 ? output : operators.slice(output, CHANNEL_AXIS, first, first + channels);
    }

    @Override
    public String shortcut(LayerSpec.Shortcut shortcut) {
        String sum = current;
        for (int other : shortcut.from()) {
            sum = operators.add(sum, outputs.get(other));
        }
        return activated(shortcut.activation(), sum);
    }

    /** Adds the predictions of a head. The output of the layer is the raw head. */
    @Override
    public String yolo(LayerSpec.Yolo yolo) {
        String rows = operators.rows(current, yolo.head().valuesPerAnchor());
        boxes.add(boxes(yolo.head(), rows));
        scores.add(scores(yolo.head(), rows));
        return current;
    }

    private String activated(Activation activation, String input) {
        return activation == Activation.LINEAR ? input : operators.activation(activation, input);
    }

    /** Decodes boxes like {@link HeadDecoder#boxes()}. */
    private String boxes(YoloHead head, String rows) {
        String centers = operators.multiply(
                operators.add(offsets(head, rows), grid(head, 0)), operators.constant(head.stride()));
        String exponents =
                operators.atMost(operators.slice(rows, VALUE_AXIS, SIZE_AT, OBJECTNESS_AT), HeadDecoder.MAX_EXPONENT);
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

    /**
     * The operations that a format must support. A value is identified by its name in the file.
     * Each method adds an operation and returns the name of its output.
     */
    interface Operators {
        /** Starts a part of the network, such as {@code layers.3}. */
        void begin(String part);

        /**
         * The convolution of a layer, with its bias if the layer has no batch norm. Batch norm and
         * activation are separate operations.
         */
        String convolution(int layer, LayerSpec.Convolution spec, String input);

        /** Batch norm with running statistics. */
        String batchNorm(int layer, String input);

        String activation(Activation activation, String input);

        String maxPool(LayerSpec.MaxPool pool, String input);

        /** Repeats each value in both directions. */
        String upsample(int factor, String input);

        /** Positions {@code from} (inclusive) to {@code to} (exclusive) along an axis. */
        String slice(String input, int axis, int from, int to);

        String concatenate(List<String> inputs, int axis);

        String add(String a, String b);

        String subtract(String a, String b);

        String multiply(String a, String b);

        String exponential(String input);

        /** The minimum of each value and the bound. */
        String atMost(String input, double bound);

        /** A constant operand for other methods; axes of length 1 are broadcast. */
        String constant(float[] values, int... shape);

        /**
         * Rearranges a raw head into rows, one per predictor.
         *
         * @param raw {@code [N, A*V, G, G]}
         * @param valuesPerAnchor V
         * @return {@code [N, G*G*A, V]}
         */
        String rows(String raw, int valuesPerAnchor);

        /** A scalar constant operand for other methods. */
        default String constant(double value) {
            return constant(new float[] {(float) value}, 1);
        }
    }
}
