package yolompi.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.torch.Operator;

/**
 * An exponential moving average of a network's weights and statistics, in a network of its own (Polyak averaging; the rising decay of the
 * first steps is TensorFlow's {@code ExponentialMovingAverage(num_updates)}).
 */
final class Ema {
    private final Network average;
    private final List<Tensor> averages;
    private final List<Tensor> sources;
    private final double decay;
    private final Operator lerp = Operator.named("aten::_foreach_lerp_", "Scalar");

    Ema(Network source, Network average, double decay) {
        this.average = average;
        this.averages = tensors(average);
        this.sources = tensors(source);
        this.decay = decay;
    }

    /** The network that holds the average. */
    Network network() {
        return average;
    }

    /**
     * Moves the average towards the weights.
     *
     * @param step steps done before this one
     */
    void update(long step) {
        double kept = Math.min(decay, (1.0 + step) / (10.0 + step));
        try (NoGradGuard constant = new NoGradGuard()) {
            lerp.call(averages, sources, 1 - kept);
        }
    }

    private static List<Tensor> tensors(Network network) {
        List<Tensor> tensors = new ArrayList<>(
                network.parameters().stream().map(Parameter::tensor).toList());
        tensors.add(network.statistics());
        return tensors;
    }
}
