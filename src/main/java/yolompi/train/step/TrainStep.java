package yolompi.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.data.Batch;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.DifferentiableAllGather;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.ddp.ExposedCommunication;
import yolompi.distributed.ddp.GradientReducer;
import yolompi.model.Architecture;
import yolompi.model.FrozenLayers;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.loss.YoloLoss;
import yolompi.optim.LossScale;
import yolompi.optim.Optimizer;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.torch.Tensors;
import yolompi.train.step.DeviceBatches.DeviceBatch;

/**
 * One optimizer step on this rank's part of the global batch: forward, loss and backward of each
 * micro-batch, all-reduce of the gradients during the last backward, then the optimizer.
 */
public final class TrainStep implements AutoCloseable {
    private final Network network;
    private final Recipe recipe;
    private final Communicator ranks;
    private final ProcessGroup group;
    private final MicroStep device; // holds the state of the training
    private final StepDevices devices; // this device, or replicas of it
    private final Optimizer optimizer; // of the layers that are trained from the start
    private final Optional<Optimizer> optimizerOfFrozen; // of the layers that are frozen at first
    private final LossScale lossScale;
    private boolean someFrozen;
    private GradientReducer reducer = GradientReducer.NONE; // of the gradients of the trained layers
    private ExposedCommunication exposed;
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
     * What a step has found on this rank, or summed over all ranks.
     *
     * @param broken 0 if all gradients and running statistics are finite
     */
    private record Sums(double loss, double box, double object, double classes, double broken) {
        static Sums of(double[] values) {
            return new Sums(values[0], values[1], values[2], values[3], values[4]);
        }

        /** Sums up, so that all ranks decide alike even if their gradients differ in a bit. */
        Sums overRanks(Communicator ranks) {
            return of(ranks.allReduceSum(loss, box, object, classes, broken));
        }

        boolean finite() {
            return broken == 0 && Double.isFinite(loss);
        }
    }

    /**
     * Broadcasts rank 0's weights to all ranks, and freezes the layers that the recipe names;
     * collective.
     *
     * @param network on the device of {@code device}
     * @param ranks of the same job as {@code group}
     */
    public TrainStep(Network network, Recipe recipe, Communicator ranks, ProcessGroup group, DeviceContext device) {
        this.network = network;
        this.recipe = recipe;
        this.ranks = ranks;
        this.group = group;
        this.lossScale = LossScale.of(device);
        this.device = new MicroStep(network, recipe, device, ranks.status());
        this.devices =
                recipe.dist().replicas() == 1 ? this.device : new Replicas(this.device, recipe, device, ranks.status());
        broadcastFromRankZero(
                network.parameters().stream().map(Parameter::tensor).toList());
        FrozenLayers frozen = FrozenLayers.parse(recipe.model().freeze(), network.architecture());
        this.someFrozen = !frozen.isEmpty();
        devices.freeze(frozen);
        this.optimizer = optimizer(true).orElseThrow();
        this.optimizerOfFrozen = optimizer(false);
        this.exposed = joinRanks();
    }

    /**
     * Creates the network to train. Its batch norms synchronize their statistics over the group if
     * the recipe says so.
     */
    public static Network network(Architecture architecture, Recipe recipe, ProcessGroup group, DeviceContext device) {
        // Also on one rank: LibTorch's own batch norm rounds in another order.
        return recipe.model().syncBatchNorm()
                ? new Network(
                        architecture, recipe.seed(), device, Optional.of(new DifferentiableAllGather(group)::gather))
                : new Network(architecture, recipe.seed(), device, Optional.empty());
    }

    /** Creates the optimizer of the layers that are trained now, or of the frozen ones, if any. */
    private Optional<Optimizer> optimizer(boolean trained) {
        List<Parameter> parameters = network.parameters().stream()
                .filter(parameter -> parameter.tensor().requires_grad() == trained)
                .toList();
        return parameters.isEmpty() ? Optional.empty() : Optional.of(Optimizer.of(recipe.optimizer(), parameters));
    }

    /** Connects the gradients of the trained layers with those of the other ranks; collective. */
    private ExposedCommunication joinRanks() {
        reducer = GradientReducer.of(group, device.parameters(), recipe.dist());
        if (reducer.learnsFromFirstPass()) {
            device.warmUpReducer(reducer);
        }
        return new ExposedCommunication(device.parameters().get(0), ranks.status());
    }

    /**
     * Unfreezes all layers; collective.
     *
     * @return whether any layer was frozen until now
     */
    public boolean unfreeze() {
        if (!someFrozen) {
            return false;
        }
        someFrozen = false;
        unnotedBefore = unnotedWaitNanos();
        close();
        devices.freeze(FrozenLayers.NONE);
        exposed = joinRanks();
        return true;
    }

    /** Returns the state that training needs to continue, in addition to the network. */
    public List<Parameter> state() {
        List<Parameter> state = new ArrayList<>(optimizer.state());
        optimizerOfFrozen.ifPresent(later -> state.addAll(later.state()));
        state.addAll(lossScale.state());
        return state;
    }

    /**
     * Returns how long this rank has waited for gradients beyond its own backward passes, except
     * for what its status has counted.
     */
    public long unnotedWaitNanos() {
        return unnotedBefore + exposed.nanos();
    }

    /** Broadcasts rank 0's values of the tensors to all ranks; collective. */
    public void broadcastFromRankZero(List<Tensor> tensors) {
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
    public Result run(List<Batch> batches, StepHyperparameters hyperparameters) {
        try (PointerScope scope = new PointerScope()) {
            Tensor statisticsBefore = network.runningStats().clone();
            Tensor loss = gradients(batches); // forward, loss, backward, all-reduce
            Sums sums = own(loss).overRanks(ranks);
            lossScale.update(sums.finite());
            if (sums.finite()) {
                update(hyperparameters);
            } else {
                // The forward pass has updated them already, perhaps to NaN, which would stay.
                network.runningStats().copy_(statisticsBefore);
            }
            return new Result(sums.loss, sums.box, sums.object, sums.classes, lossScale.factor(), sums.finite());
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
        devices.clearGradients();
        List<DeviceBatch> staged = batches.stream().map(device::take).toList();
        double divisor = divisor(staged);
        // The reducer computes the mean over ranks; the averaging rule needs the sum.
        double factor = lossScale.factor() * group.world().size();
        List<Tensor> losses = devices.backward(staged, divisor, factor, reducer);
        exposed.received();
        return sum(losses);
    }

    /** Unscales the gradients, and waits for the device once. */
    private Sums own(Tensor loss) {
        Tensor overflow = device.gradients().unscale(lossScale.factor()).to(ScalarType.Double);
        Tensor broken = network.runningStats().isfinite().all().logical_not().to(ScalarType.Double);
        Tensor[] all = {loss, overflow, broken.reshape(1)};
        double[] values = Tensors.toDoubles(torch.cat(new TensorVector(all), 0));
        values[4] = values[4] == 0 && values[5] == 0 ? 0 : 1;
        return Sums.of(values);
    }

    private void update(StepHyperparameters hyperparameters) {
        if (recipe.optimizer().clipNorm() > 0) {
            device.gradients().clip(recipe.optimizer().clipNorm());
        }
        optimizer.step(hyperparameters);
        if (!someFrozen) {
            optimizerOfFrozen.ifPresent(later -> later.step(hyperparameters));
        }
        if (!recipe.model().frozenBatchNorm() && !recipe.model().syncBatchNorm()) {
            // Each rank normalized its own images; evaluation and checkpoints use the mean.
            device.statistics().forEach(group::allReduceMean);
        }
    }

    private double divisor(List<DeviceBatch> batches) {
        int own = batches.stream().mapToInt(batch -> batch.targets().count()).sum();
        return YoloLoss.divisor(ranks.allReduceSum(own)[0], recipe.train().batch());
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
        devices.stage(batch);
    }

    /** Frees micro-batches prepared for a step that is not run. */
    void unstage() {
        device.unstage();
    }

    /**
     * Returns the indices of this rank's micro-batches whose own loss or gradients are not finite.
     * Changes only gradients.
     */
    List<Integer> notFinite(List<Batch> batches) {
        return IntStream.range(0, batches.size())
                .filter(i -> !device.isFinite(batches.get(i), recipe.train().batch(), lossScale.factor()))
                .boxed()
                .toList();
    }

    @Override
    public void close() {
        reducer.close();
        exposed.close();
        devices.close();
    }
}
