package yolompi.model.loss;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.model.HeadDecoder;
import yolompi.model.YoloHead;
import yolompi.recipe.LossRecipe;
import yolompi.recipe.LossRecipe.BoxTerm;

/**
 * The YOLOv3 loss (section 2.1 and Darknet's {@code yolo_layer.c}): binary cross entropy for
 * objectness and for each class; squared error or an IoU loss for boxes. See {@link FocalLoss} for
 * the cross entropy and {@link BoxLoss} for the IoU losses. Predictors without a target whose box
 * overlaps the ground truth by more than the ignore threshold have no objectness loss: see
 * {@link IgnoreMask}.
 *
 * <p><b>The averaging rule.</b> Every term is a sum over the predictors of this rank, divided by
 * one number that all ranks share: the number of assigned predictors in the global batch, but at
 * least its number of images ({@link #divisor}). So the losses of all ranks add up to the loss of
 * the global batch, however it is split. DDP's reducer averages gradients over ranks, so multiply
 * the loss by the number of ranks before the backward pass.
 */
public final class YoloLoss {
    private final List<YoloHead> heads;
    private final LossRecipe recipe;
    private final FocalLoss objectLoss;
    private final FocalLoss classLoss;

    /**
     * The loss of a batch, as scalar tensors. {@code total} carries the gradient; the parts are
     * detached.
     */
    public record LossTerms(Tensor total, Tensor box, Tensor objectness, Tensor classification) {}

    public YoloLoss(List<YoloHead> heads, LossRecipe recipe) {
        this.heads = heads;
        this.recipe = recipe;
        this.objectLoss = new FocalLoss(recipe.objectFocal(), recipe.focalAlpha());
        this.classLoss = new FocalLoss(recipe.classFocal(), recipe.focalAlpha());
    }

    /** The divisor of every sum: see the averaging rule. */
    public static double divisor(double globalAssigned, int globalImages) {
        return Math.max(globalAssigned, globalImages);
    }

    /**
     * Computes the loss of one micro-batch.
     *
     * @param raw heads of the network
     * @param targets on the host, or on the device of {@code raw}
     * @param divisor the same on all ranks, from {@link #divisor}
     */
    public LossTerms compute(List<Tensor> raw, TargetTensors targets, double divisor) {
        TargetTensors.Placed placed = targets.beside(raw.get(0));
        Tensor box = raw.get(0).new_zeros(new long[0]); // all terms are scalars
        Tensor object = box.clone();
        Tensor classes = box.clone();
        for (int i = 0; i < heads.size(); i++) {
            HeadDecoder values = new HeadDecoder(heads.get(i), raw.get(i));
            TargetTensors.Head assigned = placed.heads().get(i);
            object = object.add(objectTerm(values, assigned.predictors(), placed.truth(), balance(i)));
            if (assigned.count() > 0) {
                Tensor rows = values.rows().index_select(0, assigned.predictors()); // [P,5+C]
                box = box.add(boxTerm(heads.get(i), rows, assigned));
                classes = classes.add(classTerm(heads.get(i), rows, assigned));
            }
        }
        Tensor boxMean = box.mul(new Scalar(recipe.boxWeight() / divisor));
        Tensor objectMean = object.div(new Scalar(divisor));
        Tensor classMean = classes.mul(new Scalar(recipe.classWeight() / divisor));
        return new LossTerms(
                boxMean.add(objectMean).add(classMean), boxMean.detach(), objectMean.detach(), classMean.detach());
    }

    private double balance(int head) {
        return recipe.scaleBalance().isEmpty() ? 1 : recipe.scaleBalance().get(head);
    }

    private Tensor objectTerm(HeadDecoder values, Tensor assigned, TargetTensors.Truth truth, double balance) {
        Tensor logits = values.objectness(); // [N*B], B = G*G*A
        Tensor target; // [N*B]
        Tensor weight; // [N*B]
        try (NoGradGuard constant = new NoGradGuard()) {
            target = torch.zeros_like(logits).index_fill_(0, assigned, new Scalar(1));
            weight = IgnoreMask.above(recipe.ignoreThreshold(), values.boxes(), truth)
                    .flatten()
                    .logical_not()
                    .to(ScalarType.Float)
                    .mul_(new Scalar(balance * recipe.noObjectWeight()))
                    .index_fill_(0, assigned, new Scalar(balance * recipe.objectWeight()));
        }
        return objectLoss.sum(logits, target, weight);
    }

    private Tensor boxTerm(YoloHead head, Tensor rows, TargetTensors.Head assigned) {
        Tensor centers = assigned.boxes().narrow(1, 0, 2); // [P,2]
        Tensor sizes = assigned.boxes().narrow(1, 2, 2); // [P,2]
        Tensor raw = rows.narrow(1, 0, 4); // [P,4]
        if (recipe.box() == BoxTerm.MSE) {
            Tensor offsets = centers.div(new Scalar(head.stride())).sub(assigned.places()); // [P,2]
            // A sigmoid can't reach a center outside its cell.
            return squaredError(
                    HeadDecoder.offsets(raw, head),
                    raw,
                    offsets.clamp(new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(1))),
                    sizes.div(assigned.anchors()).log());
        }
        Tensor halves = sizes.mul(new Scalar(0.5)); // [P,2]
        Tensor corners = torch.cat(new TensorVector(centers.sub(halves), centers.add(halves)), 1); // [P,4]
        return BoxLoss.of(recipe.box(), HeadDecoder.corners(raw, assigned.places(), assigned.anchors(), head), corners)
                .sum();
    }

    private static Tensor squaredError(Tensor found, Tensor raw, Tensor offsets, Tensor logSizes) {
        Tensor position = found.sub(offsets).square().sum();
        return position.add(raw.narrow(1, 2, 2).sub(logSizes).square().sum());
    }

    private Tensor classTerm(YoloHead head, Tensor rows, TargetTensors.Head assigned) {
        Tensor logits = rows.narrow(1, 5, head.classes()); // [P,C]
        Tensor target = torch.one_hot(assigned.classes(), head.classes()).to(ScalarType.Float); // [P,C]
        return classLoss.sum(logits, smoothed(target));
    }

    /**
     * Label smoothing: 1 - s/2 and s/2 instead of 1 and 0 (Szegedy et al., Rethinking Inception,
     * 2016, section 7, for two cases).
     */
    private Tensor smoothed(Tensor target) {
        double smoothing = recipe.labelSmoothing();
        return smoothing == 0 ? target : target.mul(new Scalar(1 - smoothing)).add(new Scalar(smoothing / 2));
    }
}
