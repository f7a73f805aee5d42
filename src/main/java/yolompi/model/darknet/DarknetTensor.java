package yolompi.model.darknet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import yolompi.model.Architecture;
import yolompi.model.LayerSpec;
import yolompi.model.Parameter.TensorName;

/**
 * A tensor in a Darknet weights file.
 *
 * @param layer number of its layer
 * @param name name in the network, such as {@code layers.0.conv.weight}
 * @param shape shape in the network; the file stores the values row by row
 */
public record DarknetTensor(int layer, String name, List<Long> shape) {
    private static final List<TensorName> NORM =
            List.of(TensorName.SHIFT, TensorName.SCALE, TensorName.MEAN, TensorName.VARIANCE);

    /** All tensors of a network in the order of the file: see {@link DarknetWeights}. */
    public static List<DarknetTensor> of(Architecture architecture) {
        List<DarknetTensor> tensors = new ArrayList<>();
        for (int i = 0; i < architecture.layers().size(); i++) {
            if (architecture.layers().get(i) instanceof LayerSpec.Convolution convolution) {
                for (TensorName name : convolution.batchNorm() ? NORM : List.of(TensorName.BIAS)) {
                    tensors.add(new DarknetTensor(i, name.of(i), List.of((long) convolution.channels())));
                }
                List<Long> kernels =
                        LongStream.of(convolution.kernelShape()).boxed().toList();
                tensors.add(new DarknetTensor(i, TensorName.KERNELS.of(i), kernels));
            }
        }
        return List.copyOf(tensors);
    }

    /** Number of values. */
    public long count() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Size in the file, bytes. */
    public long bytes() {
        return Float.BYTES * count();
    }
}
