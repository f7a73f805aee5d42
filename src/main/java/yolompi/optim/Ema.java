package yolompi.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.torch.Operator;

/**
 * Exponential moving average (EMA) of a network's weights and running statistics, kept in a second
 * network (Polyak averaging). The decay rises in the first steps, as in TensorFlow's {@code
 * ExponentialMovingAverage(num_updates)}.
 */
public final class Ema {
    private final Network average;
    private final IValue averages;
    private final IValue sources;
    private final double decay;
    private final Operator lerp = Operator.named("aten::_foreach_lerp_", "Scalar");
    private long updates;

    /**
     * Starts with the values of the source.
     *
     * @param average overwritten, and owned by this object from now on
     * @param decay part that is kept in each update, after many updates
     */
    public Ema(Network source, Network average, double decay) {
        this.average = average;
        this.averages = Operator.list(tensors(average));
        this.sources = Operator.list(tensors(source));
        this.decay = decay;
        restart();
    }

    /** Creates the average of a training's network; empty if the recipe turns it off. */
    public static Optional<Ema> of(Network source, Recipe recipe, DeviceContext device) {
        double decay = recipe.train().emaDecay();
        return decay == 0
                ? Optional.empty()
                : Optional.of(new Ema(
                        source, new Network(source.architecture(), recipe.seed(), device, Optional.empty()), decay));
    }

    /** Starts again with the current values of the source. */
    public void restart() {
        updates = 0;
        move(1);
    }

    /** Continues after this many updates. The average itself is restored elsewhere. */
    public void resumeFrom(long updatesDone) {
        updates = updatesDone;
    }

    /** Number of updates; less than the number of steps if steps were skipped. */
    public long updates() {
        return updates;
    }

    /** The network that holds the average. */
    public Network network() {
        return average;
    }

    /** Moves the average towards the weights, after a step that changed them. */
    public void update() {
        move(1 - Math.min(decay, (1.0 + updates) / (10.0 + updates)));
        updates++;
    }

    private void move(double part) {
        try (NoGradGuard constant = new NoGradGuard()) {
            lerp.call(averages, sources, part);
        }
    }

    private static List<Tensor> tensors(Network network) {
        List<Tensor> tensors = new ArrayList<>(
                network.parameters().stream().map(Parameter::tensor).toList());
        tensors.add(network.runningStats());
        return tensors;
    }
}
