package yolompi.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.dist.Communicator;
import yolompi.dist.DataParallel;
import yolompi.dist.ExposedTime;
import yolompi.dist.GradientReducer;
import yolompi.dist.TensorGroup;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.Targets;
import yolompi.model.YoloLoss;
import yolompi.recipe.Recipe;
import yolompi.torch.Compute;

/**
 * One optimizer step on this rank's part of the global batch: forward, loss and backward of each micro-batch, the gradients of all ranks
 * summed during the last backward, then the optimizer.
 */
public final class TrainStep implements AutoCloseable {
    private final Network network;
    private final Recipe recipe;
    private final Communicator ranks;
    private final TensorGroup group;
    private final List<MicroStep> devices = new ArrayList<>();
    private final DataParallel dataParallel;
    private final List<Gradients> gradients;
    private final GradientReducer reducer;
    private final Optimizer optimizer;
    private final LossScale lossScale;
    private final ExposedTime exposed;

    /**
     * The loss of one step over the whole global batch.
     *
     * @param lossScale for the next step: 1 but in fp16
     * @param finite whether the loss and all gradients were numbers; if not, no weight and no running statistic was changed
     */
    public record Result(double loss, double box, double object, double classes, double lossScale, boolean finite) {
        /** What is done about it. */
        String remedy() {
            return lossScale == 1
                    ? ""
                    : "; the loss scale falls to %.0f (in fp16 that is usual, in the first steps above all)"
                            .formatted(lossScale);
        }

        /** What was no number. */
        String whatIsNotFinite() {
            return Double.isFinite(loss)
                    ? "gradients are not finite (the loss is: %.4g)".formatted(loss)
                    : "the loss is not finite (%s)".formatted(loss);
        }
    }

    /**
     * Gives all ranks rank 0's weights; collective.
     *
     * @param network on the device of {@code compute}
     * @param ranks of the same job as {@code group}
     */
    public TrainStep(Network network, Recipe recipe, Communicator ranks, TensorGroup group, Compute compute) {
        this.network = network;
        this.recipe = recipe;
        this.ranks = ranks;
        this.group = group;
        this.lossScale = LossScale.of(compute);
        devices.add(new MicroStep(network, recipe, compute, ranks.status()));
        for (int replica = 1; replica < recipe.dist().replicas(); replica++) {
            Compute other = compute.replica(replica);
            Network copy = new Network(network.architecture(), recipe.seed(), other, Optional.empty());
            devices.add(new MicroStep(copy, recipe, other, ranks.status()));
        }
        List<DataParallel.Replica> replicas =
                devices.stream().map(MicroStep::replica).toList();
        this.dataParallel = new DataParallel(replicas);
        this.gradients = replicas.stream()
                .map(replica -> new Gradients(replica.parameters()))
                .toList();
        List<Tensor> weights =
                network.parameters().stream().map(Parameter::tensor).toList();
        share(weights);
        this.reducer = GradientReducer.of(group, weights, recipe.dist());
        this.exposed = new ExposedTime(weights.get(0), ranks.status());
        this.optimizer = Optimizer.of(recipe.optimizer(), network.parameters());
    }

    /** What decides how training goes on, beside the network. */
    List<Parameter> state() {
        List<Parameter> state = new ArrayList<>(optimizer.state());
        state.addAll(lossScale.state());
        return state;
    }

    /** Time that this rank has waited for gradients beyond its own backward passes, as far as its status has not counted that. */
    long unnotedWaitNanos() {
        return exposed.nanos();
    }

    /** Gives all ranks rank 0's values of the tensors; collective. */
    void share(List<Tensor> tensors) {
        try (NoGradGuard constant = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            tensors.forEach(tensor -> group.broadcast(tensor.detach()));
        }
    }

    /**
     * Does one step; collective.
     *
     * @param batches this rank's part of the global batch, at least one, and as many as on every other rank
     */
    public Result run(List<Batch> batches, Rates rates) {
        try (PointerScope scope = new PointerScope()) {
            Tensor statisticsBefore = network.statistics().clone();
            double[] terms = gradients(batches);
            // All ranks hold the same gradients; that they judge alike must not hang on every bit of them.
            double overflow = gradients.get(0).unscale(lossScale.factor()) ? 0 : 1;
            double[] sums = ranks.sum(terms[0], terms[1], terms[2], terms[3], overflow);
            boolean finite = sums[4] == 0 && Double.isFinite(sums[0]);
            lossScale.update(finite);
            if (finite) {
                update(rates);
            } else {
                // The forward pass has moved them already, perhaps to NaN, which they would never forget.
                network.statistics().copy_(statisticsBefore);
            }
            return new Result(sums[0], sums[1], sums[2], sums[3], lossScale.factor(), finite);
        }
    }

    private void update(Rates rates) {
        if (recipe.optimizer().clipNorm() > 0) {
            gradients.get(0).clip(recipe.optimizer().clipNorm());
        }
        optimizer.step(rates);
        if (!recipe.model().frozenBatchNorm() && !recipe.model().syncBatchNorm()) {
            // Each rank normalised its own images; evaluation and checkpoints use the mean over ranks.
            group.average(network.statistics());
        }
    }

    /**
     * Leaves the gradient of the global batch's loss, times the loss scale, in every parameter; returns this rank's share of the loss and its
     * terms.
     */
    double[] gradients(List<Batch> batches) {
        gradients.forEach(Gradients::clear);
        List<Targets> targets = batches.stream().map(devices.get(0)::assign).toList();
        double divisor = divisor(targets);
        // The reducer takes the mean over ranks, the averaging rule wants the sum.
        double factor = lossScale.factor() * group.world().size();
        int last = batches.size() - 1;
        dataParallel.replicate();
        List<double[]> parts = dataParallel.scatter(batches.size(), (device, i) -> devices.get(device)
                .run(batches.get(i), targets.get(i), divisor, factor, i == last ? reducer : GradientReducer.NONE));
        exposed.received();
        dataParallel.reduce(batches.size());
        return sum(parts);
    }

    private double divisor(List<Targets> targets) {
        int own = targets.stream().mapToInt(Targets::count).sum();
        return YoloLoss.divisor(ranks.sum(own)[0], recipe.train().batch());
    }

    private static double[] sum(List<double[]> parts) {
        double[] sums = new double[4];
        for (double[] part : parts) {
            for (int term = 0; term < sums.length; term++) {
                sums[term] += part[term];
            }
        }
        return sums;
    }

    /** This rank's micro-batches whose own loss or gradients are not finite, by their place in the list; changes gradients alone. */
    List<Integer> notFinite(List<Batch> batches) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            try (PointerScope scope = new PointerScope()) {
                gradients.get(0).clear();
                MicroStep device = devices.get(0);
                Targets targets = device.assign(batches.get(i));
                double divisor =
                        YoloLoss.divisor(targets.count(), recipe.train().batch());
                double[] terms = device.runAlone(batches.get(i), targets, divisor, lossScale.factor());
                if (!gradients.get(0).unscale(1) || !Double.isFinite(terms[0])) {
                    found.add(i);
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        reducer.close();
        exposed.close();
        dataParallel.close();
    }
}
