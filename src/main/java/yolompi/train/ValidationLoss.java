package yolompi.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.distributed.Communicator;
import yolompi.model.YoloHead;
import yolompi.model.loss.TargetTensors;
import yolompi.model.loss.Targets;
import yolompi.model.loss.YoloLoss;
import yolompi.recipe.LossRecipe;

/**
 * Loss of the validation images: the training loss, averaged over all of them by the same rule, as
 * if they were one batch.
 */
final class ValidationLoss {
    private final List<YoloHead> heads;
    private final YoloLoss loss;
    private final double anchorIou;
    private double sum; // of this rank's images, not yet divided
    private double assigned;
    private int images;

    ValidationLoss(List<YoloHead> heads, LossRecipe recipe) {
        this.heads = heads;
        this.loss = new YoloLoss(heads, recipe);
        this.anchorIou = recipe.anchorIou();
    }

    /**
     * Adds a batch.
     *
     * @param raw the network's output for it
     */
    @SuppressWarnings("try") // the unused scope frees the loss's tensors
    void add(Batch batch, List<Tensor> raw) {
        try (PointerScope scope = new PointerScope()) {
            Targets targets = Targets.assign(heads, batch.boxes(), batch.imageCount(), batch.size(), anchorIou);
            sum += loss.compute(raw, TargetTensors.of(targets), 1).total().item_double();
            assigned += targets.count();
            images += batch.imageCount();
        }
    }

    /** Returns the mean over all ranks; collective. */
    double mean(Communicator ranks) {
        double[] all = ranks.sum(sum, assigned, images);
        return all[0] / YoloLoss.divisor(all[1], (int) all[2]);
    }
}
