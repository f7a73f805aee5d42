package yolompi.report.tensorboard;

import java.util.function.IntToDoubleFunction;
import yolompi.report.tensorboard.proto.TensorProto;
import yolompi.report.tensorboard.proto.TensorShapeProto;

/**
 * The input tensor of TensorBoard's plugin {@code pr_curves}
 * ({@code tensorboard/plugins/pr_curve/summary.py}): float32 {@code [6,T]} with a column for each
 * threshold, ascending. The rows are true positives, false positives, true negatives, false
 * negatives, precision and recall. Detection has no true negatives: they are 0.
 */
final class PrecisionRecallTensor {
    private static final int ROWS = 6;
    private static final int FLOAT32 = 1;

    private PrecisionRecallTensor() {}

    static TensorProto of(int[] right, int[] wrong, int truthCount) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setDtype(FLOAT32)
                .setTensorShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(ROWS))
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(right.length)));
        addRow(tensor, right.length, i -> right[i]);
        addRow(tensor, right.length, i -> wrong[i]);
        addRow(tensor, right.length, i -> 0);
        addRow(tensor, right.length, i -> truthCount - right[i]);
        addRow(tensor, right.length, i -> right[i] + wrong[i] == 0 ? 0 : (double) right[i] / (right[i] + wrong[i]));
        addRow(tensor, right.length, i -> truthCount == 0 ? 0 : (double) right[i] / truthCount);
        return tensor.build();
    }

    private static void addRow(TensorProto.Builder tensor, int length, IntToDoubleFunction value) {
        for (int i = 0; i < length; i++) {
            tensor.addFloatVal((float) value.applyAsDouble(i));
        }
    }
}
