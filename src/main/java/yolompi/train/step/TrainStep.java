package yolompi.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.data.Batch;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.TensorGroup;
import yolompi.distributed.ddp.GradientReducer;
import yolompi.model.FrozenLayers;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.loss.YoloLoss;
import yolompi.optim.LossScale;
import yolompi.optim.Optimizer;
import yolompi.optim.Rates;
import yolompi.recipe.Recipe;
import yolompi.torch.Compute;
import yolompi.torch.Tensors;
import yolompi.train.step.StagedBatches.StagedBatch;

/**
 * One optimizer step on this rank's part of the global batch: forward, loss and backward of each
 * micro-batch, all-reduce of the gradients during the last backward, then the optimizer.
 */
public final class TrainStep implements AutoCloseable {
    private final Network network;
    private final Recipe recipe;
    private final Communicator ranks;
    private final TensorGroup group;
    private final List<MicroStep> devices = new ArrayList<>();

    /**
     * First the optimizer of the layers that are trained from the start; then, if there are any,
     * that of the layers frozen at first.
     */
    private final List<Optimizer> optimizers;

    private final LossScale lossScale;
    private double factor = 1; // loss scale that the current gradients were computed with
    private boolean someFrozen;
    private TrainedLayers trained;
    private long unnotedBefore; // before other layers were unfrozen

    /**
     * Loss of one step over the whole global batch.
     *
     * @param lossScale for the next step; 1 except in fp16
     * @param finite whether the loss, all gradients and all running statistics were finite; if not,
     *     no weight and no running statistic was changed
     */
    public record Result(double loss, double box, double object, double classes, double lossScale, boolean finite) {
        /** Returns what is done about it. */
        public String remedy() {
            return lossScale == 1
                    ? ""
                    : "; the loss scale is lowered to %.0f (normal in fp16, above all in the first steps)"
                            .formatted(lossScale);
        }

        /** Names what was not finite. */
        public String whatIsNotFinite() {
            return Double.isFinite(loss)
                    ? "gradients or batch-norm statistics are not finite (the loss is finite: %.4g)".formatted(loss)
                    : "the loss is not finite (%s)".formatted(loss);
        }
    }

    /**
     * Broadcasts rank 0's weights to all ranks, and freezes the layers that the recipe names;
     * collective.
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
        share(network.parameters().stream().map(Parameter::tensor).toList());
        FrozenLayers frozen = FrozenLayers.parse(recipe.model().freeze(), network.architecture());
        this.someFrozen = !frozen.isEmpty();
        devices.forEach(device -> device.network().freeze(frozen));
        this.optimizers = Stream.of(true, false)
                .map(isTrained -> network.parameters().stream()
                        .filter(parameter -> parameter.tensor().requires_grad() == isTrained)
                        .toList())
                .filter(parameters -> !parameters.isEmpty())
                .map(parameters -> Optimizer.of(recipe.optimizer(), parameters))
                .toList();
        this.trained = TrainedLayers.of(devices, group, recipe.dist(), ranks.status());
    }

    /**
     * Unfreezes all layers; collective.
     *
     * @return whether any layer was frozen until now
     */
    public boolean trainAllLayers() {
        if (!someFrozen) {
            return false;
        }
        someFrozen = false;
        unnotedBefore = unnotedWaitNanos();
        trained.close();
        devices.forEach(device -> device.network().freeze(FrozenLayers.NONE));
        trained = TrainedLayers.of(devices, group, recipe.dist(), ranks.status());
        return true;
    }

    /** Returns the state that training needs to continue, in addition to the network. */
    public List<Parameter> state() {
        return Stream.concat(
                        optimizers.stream().flatMap(optimizer -> optimizer.state().stream()),
                        lossScale.state().stream())
                .toList();
    }

    /**
     * Returns how long this rank has waited for gradients beyond its own backward passes, except
     * for what its status has counted.
     */
    public long unnotedWaitNanos() {
        return unnotedBefore + trained.exposed().nanos();
    }

    /** Broadcasts rank 0's values of the tensors to all ranks; collective. */
    public void share(List<Tensor> tensors) {
        try (NoGradGuard constant = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            tensors.forEach(tensor -> group.broadcast(tensor.detach()));
        }
    }

    /**
     * Runs one step; collective.
     *
     * @param batches this rank's part of the global batch; at least one, and the same number on
     *     every rank
     */
    public Result run(List<Batch> batches, Rates rates) {
        try (PointerScope scope = new PointerScope()) {
            Tensor statisticsBefore = network.statistics().clone();
            double[] terms = look(gradients(batches));
            // Summed, so that all ranks decide alike even if their gradients differ in a bit.
            double overflow = terms[4] == 0 && terms[5] == 0 ? 0 : 1;
            double[] sums = ranks.sum(terms[0], terms[1], terms[2], terms[3], overflow);
            boolean finite = sums[4] == 0 && Double.isFinite(sums[0]);
            lossScale.update(finite);
            if (finite) {
                update(rates);
            } else {
                // The forward pass has updated them already, perhaps to NaN, which would stay.
                network.statistics().copy_(statisticsBefore);
            }
            return new Result(sums[0], sums[1], sums[2], sums[3], lossScale.factor(), finite);
        }
    }

    /**
     * Unscales the gradients, and waits for the device once. Returns the loss terms, then whether
     * gradients or statistics are not finite.
     */
    private double[] look(Tensor terms) {
        Tensor overflow = trained.gradients().get(0).unscale(factor).to(ScalarType.Double);
        Tensor broken = network.statistics().isfinite().all().logical_not().to(ScalarType.Double);
        Tensor[] all = {terms, overflow, broken.reshape(1)};
        return Tensors.toDoubles(torch.cat(new TensorVector(all), 0));
    }

    private void update(Rates rates) {
        if (recipe.optimizer().clipNorm() > 0) {
            trained.gradients().get(0).clip(recipe.optimizer().clipNorm());
        }
        optimizers.stream().limit(someFrozen ? 1 : 2).forEach(optimizer -> optimizer.step(rates));
        if (!recipe.model().frozenBatchNorm() && !recipe.model().syncBatchNorm()) {
            // Each rank normalized its own images; evaluation and checkpoints use the mean.
            trained.statistics().forEach(group::average);
        }
    }

    /**
     * Computes the gradient of the global batch's loss, times the loss scale, for every parameter
     * that is not frozen.
     *
     * @return this rank's part of the loss and of its three terms, float64 {@code [4]} on the
     *     device
     */
    Tensor gradients(List<Batch> batches) {
        trained.gradients().forEach(Gradients::clear);
        List<StagedBatch> staged = batches.stream().map(devices.get(0)::take).toList();
        double divisor = divisor(staged);
        // The reducer computes the mean over ranks; the averaging rule needs the sum.
        factor = lossScale.factor();
        double lossFactor = factor * group.world().size();
        int last = staged.size() - 1;
        trained.dataParallel().replicate();
        List<Tensor> parts = trained.dataParallel().scatter(batches.size(), (device, i) -> devices.get(device)
                .run(staged.get(i), divisor, lossFactor, i == last ? trained.reducer() : GradientReducer.NONE));
        trained.exposed().received();
        trained.dataParallel().reduce(batches.size());
        return sum(parts);
    }

    private double divisor(List<StagedBatch> batches) {
        int own = batches.stream().mapToInt(batch -> batch.targets().count()).sum();
        return YoloLoss.divisor(ranks.sum(own)[0], recipe.train().batch());
    }

    private static Tensor sum(List<Tensor> parts) {
        Tensor sum = torch.zeros_like(parts.get(0));
        for (Tensor part : parts) {
            sum.add_(part.to(sum));
            part.close();
        }
        return sum;
    }

    /**
     * Prepares a micro-batch of the next step while this one is computed; callable from any thread.
     */
    void stage(Batch batch) {
        if (devices.size() == 1) {
            devices.get(0).stage(batch);
        }
    }

    /** Frees micro-batches prepared for a step that is not run. */
    void unstage() {
        devices.get(0).unstage();
    }

    /**
     * Returns the indices of this rank's micro-batches whose own loss or gradients are not finite.
     * Changes only gradients.
     */
    List<Integer> notFinite(List<Batch> batches) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            try (PointerScope scope = new PointerScope()) {
                trained.gradients().get(0).clear();
                MicroStep device = devices.get(0);
                StagedBatch staged = device.take(batches.get(i));
                double divisor = YoloLoss.divisor(
                        staged.targets().count(), recipe.train().batch());
                Tensor terms = device.runAlone(staged, divisor, lossScale.factor());
                boolean overflow = trained.gradients().get(0).unscale(1).item_float() != 0;
                if (overflow || !Double.isFinite(Tensors.toDoubles(terms)[0])) {
                    found.add(i);
                }
                terms.close();
            }
        }
        return found;
    }

    @Override
    public void close() {
        trained.close();
    }
}
