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
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.loss.YoloLoss;
import yolompi.recipe.Recipe;
import yolompi.torch.Compute;
import yolompi.torch.Compute.Autocast;
import yolompi.train.step.StagedBatches.StagedBatch;

/** Forward, loss and backward of one micro-batch on one device. */
final class MicroStep {
    private final Network network;
    private final Compute compute;
    private final YoloLoss loss;
    private final boolean frozenBatchNorm;
    private final boolean syncedBatchNorm;
    private final RankStatus status;
    private final StagedBatches staged;

    MicroStep(Network network, Recipe recipe, Compute compute, RankStatus status) {
        this.status = status;
        this.staged = new StagedBatches(
                compute, network.architecture().heads(), recipe.loss().anchorIou());
        this.network = network;
        this.compute = compute;
        this.loss = new YoloLoss(network.architecture().heads(), recipe.loss());
        this.frozenBatchNorm = recipe.model().frozenBatchNorm();
        this.syncedBatchNorm = recipe.model().syncBatchNorm();
    }

    Network network() {
        return network;
    }

    /** Returns the tensors on the device, grouped by how they are trained now. */
    DataParallel.Replica replica() {
        List<Tensor> parameters =
                network.trainedParameters().stream().map(Parameter::tensor).toList();
        List<Tensor> others = network.parameters().stream()
                .map(Parameter::tensor)
                .filter(tensor -> !tensor.requires_grad())
                .collect(Collectors.toCollection(ArrayList::new));
        others.add(network.statistics());
        return new DataParallel.Replica(parameters, network.trainedStatistics(), others);
    }

    /** Prepares a future micro-batch on the device; callable from any thread. */
    void stage(Batch batch) {
        staged.stage(batch);
    }

    /** Frees prepared micro-batches that were not taken. */
    void unstage() {
        staged.clear();
    }

    /** Returns a micro-batch in the form that {@link #run} takes. */
    StagedBatch take(Batch batch) {
        return staged.take(batch);
    }

    /**
     * Adds the micro-batch's gradients to the existing ones. It uses its own scope, so that layer
     * outputs are freed before the next micro-batch.
     *
     * @param batch is closed
     * @param divisor divisor of the averaging rule
     * @param factor factor on the loss before backward
     * @param reducer is notified of both passes
     * @return this micro-batch's part of the loss and of its three terms, float64 {@code [4]} on
     *     the device; in no scope, so the caller must close it
     */
    Tensor run(StagedBatch batch, double divisor, double factor, GradientReducer reducer) {
        return run(batch, divisor, factor, reducer, !frozenBatchNorm);
    }

    /**
     * Same as {@link #run}, but for this rank only: synchronized batch norms use the running
     * statistics instead.
     */
    Tensor runAlone(StagedBatch batch, double divisor, double factor) {
        return run(batch, divisor, factor, GradientReducer.NONE, !frozenBatchNorm && !syncedBatchNorm);
    }

    /**
     * Runs a small step that changes only gradients, for a reducer that {@link
     * GradientReducer#learnsFromFirstPass learns from it}; collective.
     */
    void rehearse(GradientReducer reducer) {
        int size = 2 * network.architecture().largestStride();
        try (PointerScope scope = new PointerScope()) {
            Tensor statistics = network.statistics().clone();
            reducer.beforeForward();
            List<Tensor> heads;
            try (Autocast cast = compute.autocast()) {
                heads = network.forward(
                        Network.toInput(new byte[Batch.bytesOf(2, size)], 2, size, compute), !frozenBatchNorm);
            }
            reducer.beforeBackward(heads);
            heads.stream().map(Tensor::sum).reduce(Tensor::add).orElseThrow().backward();
            reducer.afterBackward();
            try (NoGradGuard constant = new NoGradGuard()) {
                network.statistics().copy_(statistics);
            }
        }
    }

    private Tensor run(
            StagedBatch batch, double divisor, double factor, GradientReducer reducer, boolean batchStatistics) {
        // LibTorch keeps copied host memory until the GPU has read it.
        try (batch;
                PointerScope scope = new PointerScope()) {
            status.enter(Activity.FORWARD);
            reducer.beforeForward();
            List<Tensor> heads;
            Tensor input = Network.toInput(batch.pixels(), compute);
            try (Autocast cast = compute.autocast()) {
                heads = network.forward(input, batchStatistics);
            }
            YoloLoss.Terms terms = loss.compute(heads, batch.targets(), divisor);
            reducer.beforeBackward(heads);
            status.enter(Activity.BACKWARD);
            terms.total().mul(new Scalar(factor)).backward();
            reducer.afterBackward();
            Tensor[] all = {terms.total().detach(), terms.box(), terms.object(), terms.classes()};
            Tensor values = torch.stack(new TensorVector(all), 0).to(ScalarType.Double);
            return values.retainReference();
        }
    }
}
