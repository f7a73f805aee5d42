package yolompi.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.data.Batch;
import yolompi.distributed.ddp.DataParallel;
import yolompi.distributed.ddp.GradientReducer;
import yolompi.distributed.watchdog.Activity;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.model.FrozenLayers;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.loss.YoloLoss;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.torch.Tensors;
import yolompi.train.step.DeviceBatches.DeviceBatch;

/** Forward, loss and backward of micro-batches on one device. */
final class MicroStep implements StepDevices {
    private final Network network;
    private final DeviceContext device;
    private final YoloLoss loss;
    private final boolean frozenBatchNorm;
    private final boolean syncedBatchNorm;
    private final RankStatus status;
    private final DeviceBatches staged;
    private List<Tensor> parameters = List.of(); // that are trained now
    private List<Tensor> statistics = List.of(); // that forward passes update now
    private Gradients gradients = new Gradients(parameters);

    MicroStep(Network network, Recipe recipe, DeviceContext device, RankStatus status) {
        this.status = status;
        this.staged = new DeviceBatches(
                device, network.architecture().heads(), recipe.loss().anchorIou());
        this.network = network;
        this.device = device;
        this.loss = new YoloLoss(network.architecture().heads(), recipe.loss());
        this.frozenBatchNorm = recipe.model().frozenBatchNorm();
        this.syncedBatchNorm = recipe.model().syncBatchNorm();
    }

    Network network() {
        return network;
    }

    @Override
    public void freeze(FrozenLayers layers) {
        network.freeze(layers);
        parameters = network.trainedParameters().stream().map(Parameter::tensor).toList();
        statistics = network.trainedRunningStats();
        gradients = new Gradients(parameters);
    }

    /** Returns the trained parameters, in the order of the forward pass. */
    List<Tensor> parameters() {
        return parameters;
    }

    /** Returns the running statistics that forward passes update. */
    List<Tensor> statistics() {
        return statistics;
    }

    /** Returns the gradients of {@link #parameters}. */
    Gradients gradients() {
        return gradients;
    }

    @Override
    public void clearGradients() {
        gradients.clear();
    }

    /** Returns the tensors on the device, grouped by how they are trained now. */
    DataParallel.Replica replica() {
        List<Tensor> others = network.parameters().stream()
                .map(Parameter::tensor)
                .filter(tensor -> !tensor.requires_grad())
                .collect(Collectors.toCollection(ArrayList::new));
        others.add(network.runningStats());
        return new DataParallel.Replica(parameters, statistics, others);
    }

    @Override
    public void stage(Batch batch) {
        staged.stage(batch);
    }

    /** Frees prepared micro-batches that were not taken. */
    void unstage() {
        staged.clear();
    }

    /** Returns a micro-batch in the form that {@link #backward} takes. */
    DeviceBatch take(Batch batch) {
        return staged.take(batch);
    }

    @Override
    public List<Tensor> backward(List<DeviceBatch> batches, double divisor, double factor, GradientReducer reducer) {
        int last = batches.size() - 1;
        List<Tensor> losses = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            GradientReducer own = i == last ? reducer : GradientReducer.NONE;
            losses.add(run(batches.get(i), divisor, factor, own, !frozenBatchNorm));
        }
        return losses;
    }

    /**
     * Whether the loss and the gradients of one micro-batch are finite, on this rank only:
     * synchronized batch norms use the running statistics instead. Changes only gradients.
     *
     * @param images divisor of the averaging rule without assigned boxes
     */
    boolean isFinite(Batch batch, int images, double factor) {
        try (PointerScope scope = new PointerScope()) {
            clearGradients();
            DeviceBatch own = take(batch);
            double divisor = YoloLoss.divisor(own.targets().count(), images);
            boolean batchStatistics = !frozenBatchNorm && !syncedBatchNorm;
            Tensor terms = run(own, divisor, factor, GradientReducer.NONE, batchStatistics);
            boolean overflow = gradients.unscale(1).item_float() != 0;
            double loss = Tensors.toDoubles(terms)[0];
            terms.close();
            return !overflow && Double.isFinite(loss);
        }
    }

    /**
     * Runs a small step that changes only gradients, for a reducer that {@link
     * GradientReducer#learnsFromFirstPass learns from it}; collective.
     */
    void warmUpReducer(GradientReducer reducer) {
        int size = 2 * network.architecture().largestStride();
        try (PointerScope scope = new PointerScope()) {
            Tensor statistics = network.runningStats().clone();
            reducer.beforeForward();
            List<Tensor> heads;
            try (DeviceContext.Autocast cast = device.autocast()) {
                heads = network.forward(
                        Network.toInput(new byte[Batch.bytesOf(2, size)], 2, size, device), !frozenBatchNorm);
            }
            reducer.beforeBackward(heads);
            heads.stream().map(Tensor::sum).reduce(Tensor::add).orElseThrow().backward();
            reducer.afterBackward();
            try (NoGradGuard constant = new NoGradGuard()) {
                network.runningStats().copy_(statistics);
            }
        }
    }

    /**
     * Forward, loss and backward of one micro-batch, in their own scope, so that layer outputs are
     * freed before the next micro-batch.
     */
    private Tensor run(
            DeviceBatch batch, double divisor, double factor, GradientReducer reducer, boolean batchStatistics) {
        // LibTorch keeps copied host memory until the GPU has read it.
        try (batch;
                PointerScope scope = new PointerScope()) {
            status.enter(Activity.FORWARD);
            reducer.beforeForward();
            List<Tensor> heads;
            Tensor input = Network.toInput(batch.pixels(), device);
            try (DeviceContext.Autocast cast = device.autocast()) {
                heads = network.forward(input, batchStatistics);
            }
            YoloLoss.LossTerms terms = loss.compute(heads, batch.targets(), divisor);
            reducer.beforeBackward(heads);
            status.enter(Activity.BACKWARD);
            terms.total().mul(new Scalar(factor)).backward();
            reducer.afterBackward();
            Tensor[] all = {terms.total().detach(), terms.box(), terms.objectness(), terms.classification()};
            Tensor values = torch.stack(new TensorVector(all), 0).to(ScalarType.Double);
            return values.retainReference();
        }
    }

    /** Does nothing: the network outlives its steps. */
    @Override
    public void close() {}
}
