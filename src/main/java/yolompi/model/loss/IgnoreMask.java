package yolompi.model.loss;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The ignore mask of the objectness loss: finds the predictions whose IoU with any ground-truth box
 * of their image exceeds a threshold t.
 *
 * <p>{@code IoU > t} is computed as {@code (1 + t) shared - t trueArea > t predictedArea}, where
 * {@code shared} is the intersection: only the largest left side over all ground-truth boxes
 * matters. Images with many ground-truth boxes come first, so that images with few take no part in
 * later rounds.
 */
final class IgnoreMask {
    /**
     * Pairs of boxes compared at once: enough to fill the cache of a core, or to keep a GPU busy.
     * More would need memory without gain.
     */
    private static final long PAIRS_ON_CPU = 1 << 18;

    private static final long PAIRS_ON_GPU = 1 << 22;

    private final double threshold;
    private final Tensor predicted; // [4,N,1,B]: x1, y1, x2, y2
    private final Tensor truth; // [4,N,T,1]
    private final Tensor best; // [N,B]: largest left side

    private IgnoreMask(double threshold, Tensor predicted, Tensor truth) {
        this.threshold = threshold;
        this.predicted = predicted.permute(2, 0, 1).contiguous().unsqueeze(2);
        this.truth = truth.permute(2, 0, 1).contiguous().unsqueeze(3);
        this.best = torch.zeros_like(this.predicted.select(0, 0).squeeze(1));
    }

    /**
     * Compares all predictions with the ground truth. Call it with gradients disabled.
     *
     * @param predicted {@code [N,B,4]}: x1, y1, x2, y2
     * @return bool {@code [N,B]}
     */
    static Tensor above(double threshold, Tensor predicted, TargetTensors.Truth truth) {
        IgnoreMask overlap = new IgnoreMask(
                threshold,
                predicted.index_select(0, truth.order()),
                truth.boxes().index_select(0, truth.order()));
        overlap.compareAll(truth.counts());
        return overlap.isAbove().index_select(0, truth.inverse());
    }

    /**
     * Compares a few ground-truth boxes of each image at a time. Later rounds have fewer images.
     */
    private void compareAll(List<Integer> counts) {
        long most = predicted.is_cuda() ? PAIRS_ON_GPU : PAIRS_ON_CPU;
        long from = 0;
        for (long images = having(counts, from); images > 0; images = having(counts, from)) {
            long together = Math.min(counts.get(0) - from, Math.max(1, most / (images * predicted.size(3))));
            compare(images, from, together);
            from += together;
        }
    }

    private static long having(List<Integer> counts, long more) {
        return counts.stream().filter(count -> count > more).count();
    }

    private void compare(long images, long from, long count) {
        Tensor some = predicted.narrow(1, 0, images); // [4,n,1,B]
        Tensor others = truth.narrow(1, 0, images).narrow(2, from, count); // [4,n,c,1]
        Tensor excess = sharedEdge(some, others, 0)
                .mul_(sharedEdge(some, others, 1))
                .mul_(new Scalar(1 + threshold))
                .sub_(area(others).mul(new Scalar(threshold))); // [n,c,B]
        Tensor top = best.narrow(0, 0, images); // [n,B]
        top.copy_(torch.maximum(top, excess.amax(new long[] {1}, false)));
    }

    private Tensor isAbove() {
        return best.gt(area(predicted).squeeze(1).mul(new Scalar(threshold)));
    }

    private static Tensor sharedEdge(Tensor some, Tensor others, int axis) {
        return torch.minimum(some.select(0, axis + 2), others.select(0, axis + 2))
                .sub_(torch.maximum(some.select(0, axis), others.select(0, axis)))
                .clamp_min_(new Scalar(0));
    }

    private static Tensor area(Tensor boxes) {
        return edge(boxes, 0).mul(edge(boxes, 1));
    }

    private static Tensor edge(Tensor boxes, int axis) {
        return boxes.select(0, axis + 2).sub(boxes.select(0, axis));
    }
}
