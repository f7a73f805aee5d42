package yolompi.model;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.model.Targets.HeadTargets;
import yolompi.recipe.LossRecipe;
import yolompi.recipe.LossRecipe.BoxTerm;
import yolompi.torch.Tensors;

/**
 * The loss of YOLOv3 (section 2.1 and Darknet's {@code yolo_layer.c}): objectness by cross entropy, with predictors ignored that overlap a
 * true box well without being responsible for it; class by independent cross entropies; box by squared error, GIoU or CIoU.
 *
 * <p><b>The averaging rule.</b> Every term is a sum over this rank's predictors, divided by one number that all ranks share: the true boxes
 * assigned in the whole global batch, and at least one for each of its images ({@link #divisor}). So the sum of all ranks' losses is the loss
 * of the global batch, however it is split. DDP's reducer averages gradients over ranks: multiply by the number of ranks before backward.
 */
public final class YoloLoss {
    /** ATen's number for it (ATen/core/Reduction.h). */
    private static final long REDUCE_BY_SUM = 2;

    private final List<YoloHead> heads;
    private final LossRecipe recipe;

    /** The loss of a batch, each a scalar tensor; {@code total} carries the gradient, the parts are detached. */
    public record Terms(Tensor total, Tensor box, Tensor object, Tensor classes) {}

    public YoloLoss(List<YoloHead> heads, LossRecipe recipe) {
        this.heads = heads;
        this.recipe = recipe;
    }

    /** What every sum is divided by: see the averaging rule. */
    public static double divisor(double globalAssigned, int globalImages) {
        return Math.max(globalAssigned, globalImages);
    }

    /**
     * The loss of one micro-batch.
     *
     * @param raw the network's heads
     * @param divisor the same on all ranks, from {@link #divisor}
     */
    public Terms compute(List<Tensor> raw, Targets targets, double divisor) {
        Tensor box = torch.zeros(1).squeeze().to(raw.get(0).device(), ScalarType.Float);
        Tensor object = box.clone();
        Tensor classes = box.clone();
        for (int i = 0; i < heads.size(); i++) {
            HeadValues values = new HeadValues(heads.get(i), raw.get(i));
            HeadTargets assigned = targets.heads().get(i);
            object = object.add(objectness(values, assigned, targets));
            if (assigned.count() > 0) {
                Tensor cells = Tensors.ofLongs(assigned.cells(), assigned.count())
                        .to(values.rows().device(), ScalarType.Long);
                Tensor rows = values.rows().index_select(0, cells); // (P, 5+C)
                box = box.add(boxTerm(heads.get(i), rows, assigned));
                classes = classes.add(classTerm(heads.get(i), rows, assigned));
            }
        }
        Tensor boxMean = box.mul(new Scalar(recipe.boxWeight() / divisor));
        Tensor objectMean = object.div(new Scalar(divisor));
        Tensor classMean = classes.mul(new Scalar(recipe.classWeight() / divisor));
        return new Terms(
                boxMean.add(objectMean).add(classMean), boxMean.detach(), objectMean.detach(), classMean.detach());
    }

    private Tensor objectness(HeadValues values, HeadTargets assigned, Targets targets) {
        Tensor logits = values.objectness();
        Tensor wanted;
        Tensor weight;
        try (NoGradGuard constant = new NoGradGuard()) {
            wanted = torch.zeros_like(logits);
            weight = overlapsTruth(values, targets)
                    .logical_not()
                    .to(ScalarType.Float)
                    .mul(new Scalar(recipe.noObjectWeight()));
            if (assigned.count() > 0) {
                Tensor cells =
                        Tensors.ofLongs(assigned.cells(), assigned.count()).to(logits.device(), ScalarType.Long);
                wanted.index_fill_(0, cells, new Scalar(1));
                weight.index_fill_(0, cells, new Scalar(recipe.objectWeight()));
            }
        }
        return crossEntropySum(logits, wanted, new TensorOptional(weight));
    }

    /** Whether a predictor's box overlaps any true box of its image by more than the ignore threshold, bool {@code [N*A*G*G]}. */
    private Tensor overlapsTruth(HeadValues values, Targets targets) {
        Tensor predicted = values.boxes().detach(); // (N, B, 4)
        Tensor truth = Tensors.ofFloats(targets.truth(), predicted.size(0), targets.truthsPerImage(), 4)
                .to(predicted.device(), ScalarType.Float); // (N, T, 4)
        Tensor best = pairwiseIou(predicted, truth).amax(new long[] {2}, false); // (N, B)
        return best.gt(new Scalar(recipe.ignoreThreshold())).flatten();
    }

    /** IoU of every predicted with every true box of the same image: {@code [N,B,4]}, {@code [N,T,4]} to {@code [N,B,T]}. */
    private static Tensor pairwiseIou(Tensor predicted, Tensor truth) {
        Tensor a = predicted.unsqueeze(2); // (N, B, 1, 4)
        Tensor b = truth.unsqueeze(1); // (N, 1, T, 4)
        Tensor start = torch.maximum(a.narrow(3, 0, 2), b.narrow(3, 0, 2));
        Tensor end = torch.minimum(a.narrow(3, 2, 2), b.narrow(3, 2, 2));
        Tensor edges = end.sub(start).clamp_min(new Scalar(0)); // (N, B, T, 2)
        Tensor shared = edges.select(3, 0).mul(edges.select(3, 1));
        Tensor union = area(a).add(area(b)).sub(shared).clamp_min(new Scalar(1e-7));
        return shared.div(union);
    }

    private static Tensor area(Tensor boxes) {
        Tensor edges = boxes.narrow(3, 2, 2).sub(boxes.narrow(3, 0, 2));
        return edges.select(3, 0).mul(edges.select(3, 1));
    }

    private Tensor boxTerm(YoloHead head, Tensor rows, HeadTargets assigned) {
        int count = assigned.count();
        Tensor truth = Tensors.ofFloats(assigned.boxes(), count, 4).to(rows.device(), ScalarType.Float);
        Tensor anchor = Tensors.ofFloats(assigned.anchors(), count, 2).to(rows.device(), ScalarType.Float);
        Tensor centers = truth.narrow(1, 0, 2);
        Tensor sizes = truth.narrow(1, 2, 2);
        Tensor inCells = centers.div(new Scalar(head.stride()));
        Tensor raw = rows.narrow(1, 0, 4);
        if (recipe.box() == BoxTerm.MSE) {
            return squaredError(
                    HeadValues.offsets(raw, head),
                    raw,
                    inCells.frac(),
                    sizes.div(anchor).log());
        }
        Tensor halves = sizes.mul(new Scalar(0.5));
        Tensor corners = torch.cat(new TensorVector(centers.sub(halves), centers.add(halves)), 1);
        Tensor predicted = HeadValues.corners(raw, inCells.floor(), anchor, head);
        return BoxLoss.of(recipe.box(), predicted, corners).sum();
    }

    private static Tensor squaredError(Tensor found, Tensor raw, Tensor offsets, Tensor logSizes) {
        Tensor position = found.sub(offsets).square().sum();
        return position.add(raw.narrow(1, 2, 2).sub(logSizes).square().sum());
    }

    private static Tensor classTerm(YoloHead head, Tensor rows, HeadTargets assigned) {
        Tensor logits = rows.narrow(1, 5, head.classes());
        Tensor ids = Tensors.ofLongs(assigned.classes(), assigned.count()).to(rows.device(), ScalarType.Long);
        Tensor wanted = torch.one_hot(ids, head.classes()).to(ScalarType.Float);
        return crossEntropySum(logits, wanted, new TensorOptional());
    }

    private static Tensor crossEntropySum(Tensor logits, Tensor wanted, TensorOptional weight) {
        return torch.binary_cross_entropy_with_logits(logits, wanted, weight, new TensorOptional(), REDUCE_BY_SUM);
    }
}
