package yolompi.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
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
    private final IValue averages;
    private final IValue sources;
    private final double decay;
    private final Operator lerp = Operator.named("aten::_foreach_lerp_", "Scalar");
    private long updates;

    /**
     * Begins with what the source holds.
     *
     * @param average overwritten, and from now on this average's own
     * @param decay the part that stays in each update, once there have been many
     */
    Ema(Network source, Network average, double decay) {
        this.average = average;
        this.averages = Operator.list(tensors(average));
        this.sources = Operator.list(tensors(source));
        this.decay = decay;
        restart();
    }

    /** That of a training's network; empty where the recipe wants none. */
    static Optional<Ema> of(Network source, TrainingSetup setup) {
        double decay = setup.recipe().train().emaDecay();
        return decay == 0
                ? Optional.empty()
                : Optional.of(new Ema(
                        source,
                        new Network(setup.architecture(), setup.recipe().seed(), setup.compute(), Optional.empty()),
                        decay));
    }

    /** Begins anew with what the source holds now. */
    void restart() {
        updates = 0;
        move(1);
    }

    /** Goes on after so many updates; the average itself is restored elsewhere. */
    void resumeFrom(long updatesDone) {
        updates = updatesDone;
    }

    /** How often it has been moved: fewer than there were steps where some were left out. */
    long updates() {
        return updates;
    }

    /** The network that holds the average. */
    Network network() {
        return average;
    }

    /** Moves the average towards the weights, after a step that changed them. */
    void update() {
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
        tensors.add(network.statistics());
        return tensors;
    }
}
