package yolompi.train;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.data.Batch;
import yolompi.dist.Activity;
import yolompi.dist.Communicator;
import yolompi.dist.Ddp;
import yolompi.dist.GradientGroup;
import yolompi.model.Images;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.Targets;
import yolompi.model.YoloLoss;
import yolompi.recipe.Recipe;
import yolompi.torch.Autocast;
import yolompi.torch.Operator;

/**
 * One optimizer step on this rank's part of the global batch: forward, loss and backward of each micro-batch, the gradients of all ranks
 * summed during the last backward, then the optimizer.
 */
public final class TrainStep implements AutoCloseable {
    private final Network network;
    private final YoloLoss loss;
    private final Optimizer optimizer;
    private final Communicator ranks;
    private final Optional<GradientGroup> group;
    private final Optional<Ddp> ddp;
    private final boolean bf16;
    private final boolean frozenBatchNorm;
    private final double anchorIou;
    private final int globalBatch;
    private final Operator zero = Operator.named("aten::_foreach_zero_", "");
    /** Notes infinities and NaN while it multiplies by its last argument, 1 here. */
    private final Operator checkFinite = Operator.named("aten::_amp_foreach_non_finite_check_and_unscale_", "");

    /**
     * The loss of one step over the whole global batch.
     *
     * @param finite whether the loss and all gradients were numbers; if not, no weight and no running statistic was changed
     */
    public record Result(double loss, double box, double object, double classes, boolean finite) {}

    /**
     * Meets the other ranks and gives all of them rank 0's weights; collective.
     *
     * @param bf16 whether convolutions run in bfloat16
     */
    public TrainStep(Network network, Recipe recipe, Communicator ranks, boolean bf16) {
        this.network = network;
        this.loss = new YoloLoss(network.architecture().heads(), recipe.loss());
        this.optimizer = Optimizer.of(recipe.optimizer(), network.parameters());
        this.ranks = ranks;
        this.bf16 = bf16;
        this.frozenBatchNorm = recipe.model().frozenBatchNorm();
        this.anchorIou = recipe.loss().anchorIou();
        this.globalBatch = recipe.train().batch();
        this.group = ranks.world().size() == 1
                ? Optional.empty()
                : Optional.of(GradientGroup.meet(ranks, recipe.dist().timeoutSeconds()));
        this.ddp = group.map(ranksGroup -> new Ddp(ranksGroup, weights(), recipe.dist()));
        share(weights());
    }

    Optimizer optimizer() {
        return optimizer;
    }

    /** Gives all ranks rank 0's values of the tensors; collective. */
    void share(List<Tensor> tensors) {
        try (NoGradGuard constant = new NoGradGuard();
                PointerScope scope = new PointerScope()) {
            group.ifPresent(ranksGroup -> tensors.forEach(tensor -> ranksGroup.broadcast(tensor.detach())));
        }
    }

    /**
     * Does one step; collective.
     *
     * @param batches this rank's part of the global batch, at least one
     */
    public Result run(List<Batch> batches, double learningRate) {
        try (PointerScope scope = new PointerScope()) {
            Tensor statisticsBefore = network.statistics().clone();
            double[] terms = gradients(batches);
            double[] sums = ranks.sum(terms[0], terms[1], terms[2], terms[3]);
            boolean finite = Double.isFinite(sums[0]) && gradientsAreFinite();
            if (finite) {
                optimizer.step(learningRate);
                averageStatistics();
            } else {
                // The forward pass has moved them already, perhaps to NaN, which they would never forget.
                network.statistics().copy_(statisticsBefore);
            }
            return new Result(sums[0], sums[1], sums[2], sums[3], finite);
        }
    }

    /** Leaves the gradient of the global batch's loss in every parameter; returns this rank's share of the loss and its terms. */
    double[] gradients(List<Batch> batches) {
        clearGradients();
        List<Targets> targets = batches.stream().map(this::assign).toList();
        double divisor = YoloLoss.divisor(
                ranks.sum(targets.stream().mapToInt(Targets::count).sum())[0], globalBatch);
        double[] terms = new double[4];
        for (int i = 0; i < batches.size(); i++) {
            boolean last = i + 1 == batches.size();
            double[] part = backward(batches.get(i), targets.get(i), divisor, last);
            for (int term = 0; term < terms.length; term++) {
                terms[term] += part[term];
            }
        }
        return terms;
    }

    /** In a scope of its own: the layers' outputs of one micro-batch are freed before the next one begins. */
    private double[] backward(Batch batch, Targets targets, double divisor, boolean last) {
        try (PointerScope scope = new PointerScope()) {
            if (last) {
                ddp.ifPresent(Ddp::beforeForward);
            }
            List<Tensor> heads;
            Tensor images = Images.toInput(batch.images(), batch.imageCount(), batch.size());
            try (Autocast cast = Autocast.bf16(bf16)) {
                ranks.status().enter(Activity.FORWARD);
                heads = network.forward(images, !frozenBatchNorm);
            }
            YoloLoss.Terms terms = loss.compute(heads, targets, divisor);
            if (last) {
                ddp.ifPresent(reducer -> reducer.beforeBackward(heads));
            }
            ranks.status().enter(Activity.BACKWARD);
            // The reducer takes the mean over ranks, the averaging rule wants the sum.
            terms.total().mul(new Scalar(ranks.world().size())).backward();
            return new double[] {
                terms.total().item_double(),
                terms.box().item_double(),
                terms.object().item_double(),
                terms.classes().item_double()
            };
        }
    }

    private Targets assign(Batch batch) {
        return Targets.assign(
                network.architecture().heads(), batch.boxes(), batch.imageCount(), batch.size(), anchorIou);
    }

    private void clearGradients() {
        List<Tensor> gradients = definedGradients();
        if (!gradients.isEmpty()) {
            zero.call(gradients);
        }
    }

    /** After the reduction all ranks hold the same gradients, so all of them answer alike. */
    private boolean gradientsAreFinite() {
        Tensor found = torch.zeros(1);
        checkFinite.call(definedGradients(), found, torch.ones(1));
        return found.item_float() == 0;
    }

    private List<Tensor> definedGradients() {
        return weights().stream().map(Tensor::grad).filter(Tensor::defined).toList();
    }

    /** Each rank normalised its own images; evaluation and checkpoints use the mean over ranks. */
    private void averageStatistics() {
        group.ifPresent(ranksGroup -> ranksGroup.average(network.statistics()));
    }

    private List<Tensor> weights() {
        return network.parameters().stream().map(Parameter::tensor).toList();
    }

    @Override
    public void close() {
        ddp.ifPresent(Ddp::close);
        group.ifPresent(GradientGroup::close);
    }
}
