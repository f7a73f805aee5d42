package yolompi.model.loss;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.recipe.LossRecipe.BoxTerm;

/**
 * IoU losses of pairs of boxes: 1 - IoU; GIoU (Rezatofighi et al., 2019), which adds the empty part
 * of the enclosing box; DIoU and CIoU (Zheng et al., Distance-IoU Loss, 2020, sections 3.2 and
 * 3.3), which add the distance of the centers and, for CIoU, the difference of the aspect ratios.
 *
 * <p>Boxes are {@code [P,4]}: x1, y1, x2, y2; the result is {@code [P]}, 0 for a perfect match.
 */
final class BoxLoss {
    private static final double TINY = 1e-7;

    private final Tensor iou; // [P]
    private final Tensor union; // [P]
    private final Tensor predicted; // [P,4]
    private final Tensor truth; // [P,4]

    private BoxLoss(Tensor predicted, Tensor truth) {
        this.predicted = predicted;
        this.truth = truth;
        Tensor sharedWidth = shared(0); // [P]
        Tensor sharedHeight = shared(1); // [P]
        Tensor intersection = sharedWidth.mul(sharedHeight);
        this.union = edge(predicted, 0)
                .mul(edge(predicted, 1))
                .add(edge(truth, 0).mul(edge(truth, 1)))
                .sub(intersection)
                .add(new Scalar(TINY));
        this.iou = intersection.div(union);
    }

    /**
     * The loss of each pair.
     *
     * @throws IllegalArgumentException for MSE, which is not a loss of boxes
     */
    static Tensor of(BoxTerm term, Tensor predicted, Tensor truth) {
        BoxLoss pair = new BoxLoss(predicted, truth);
        return switch (term) {
            case IOU -> oneMinus(pair.iou);
            case GIOU -> pair.giou();
            case DIOU -> pair.diou();
            case CIOU -> pair.ciou();
            case MSE -> throw new IllegalArgumentException("MSE applies to raw values, not to boxes");
        };
    }

    private Tensor diou() {
        Tensor diagonal = hullEdge(0).square().add(hullEdge(1).square()).add(new Scalar(TINY)); // [P]
        return oneMinus(iou)
                .add(centerGap(0).square().add(centerGap(1).square()).div(diagonal));
    }

    private Tensor giou() {
        Tensor area = hullEdge(0).mul(hullEdge(1)).add(new Scalar(TINY)); // [P]
        Tensor wasted = area.sub(union).div(area); // [P]
        return oneMinus(iou).add(wasted);
    }

    private Tensor ciou() {
        Tensor angles = angle(truth).sub(angle(predicted)); // [P]
        Tensor shape = angles.square().mul(new Scalar(4 / (Math.PI * Math.PI))); // [P]
        return diou().add(shape.mul(shapeWeight(shape)));
    }

    /** Weight of the aspect-ratio term. It is a constant for the gradient, as in the paper. */
    private Tensor shapeWeight(Tensor shape) {
        try (NoGradGuard constant = new NoGradGuard()) {
            return shape.div(oneMinus(iou).add(shape).add(new Scalar(TINY)));
        }
    }

    private Tensor shared(int axis) {
        Tensor end = torch.minimum(predicted.select(1, axis + 2), truth.select(1, axis + 2));
        Tensor start = torch.maximum(predicted.select(1, axis), truth.select(1, axis));
        return end.sub(start).clamp_min(new Scalar(0));
    }

    /** Width (0) or height (1) of the smallest box that encloses both. */
    private Tensor hullEdge(int axis) {
        Tensor end = torch.maximum(predicted.select(1, axis + 2), truth.select(1, axis + 2));
        return end.sub(torch.minimum(predicted.select(1, axis), truth.select(1, axis)));
    }

    private Tensor centerGap(int axis) {
        return sum(truth, axis).sub(sum(predicted, axis)).mul(new Scalar(0.5));
    }

    private static Tensor sum(Tensor boxes, int axis) {
        return boxes.select(1, axis).add(boxes.select(1, axis + 2));
    }

    private static Tensor edge(Tensor boxes, int axis) {
        return boxes.select(1, axis + 2).sub(boxes.select(1, axis));
    }

    private static Tensor angle(Tensor boxes) {
        return torch.atan(edge(boxes, 0).div(edge(boxes, 1).add(new Scalar(TINY))));
    }

    private static Tensor oneMinus(Tensor values) {
        return values.neg().add(new Scalar(1));
    }
}
