package yolompi.model.loss;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Binary cross entropy, or focal loss, which reduces the weight of easy examples:
 * {@code alpha_t (1 - p_t)^gamma CE} (Lin et al., Focal Loss for Dense Object Detection, 2017,
 * section 3.2), where {@code p_t} is the predicted probability of the target. For targets between 0
 * and 1, {@code p_t} and {@code alpha_t} are interpolated linearly.
 *
 * @param gamma focusing parameter; 0: plain cross entropy, without {@code alpha} too
 * @param alpha weight of target 1; target 0 has the weight {@code 1 - alpha}; 0: no weights
 */
record FocalLoss(double gamma, double alpha) {
    /** Values of at::Reduction (ATen/core/Reduction.h). */
    private static final long NO_REDUCTION = 0;

    private static final long REDUCE_BY_SUM = 2;

    /**
     * Minimum of 1 - p_t, because the slope of a power below 1 is unbounded at 0. The cross entropy
     * is 0 there, in float too.
     */
    private static final double MIN_MISS = 1e-30;

    /**
     * Sum over all elements, a scalar. {@code target} holds the targets, 0 to 1, in the shape of
     * {@code logits}.
     */
    Tensor sum(Tensor logits, Tensor target) {
        return sum(logits, target, new TensorOptional());
    }

    /** Sum over all elements, each multiplied by its weight. */
    Tensor sum(Tensor logits, Tensor target, Tensor weight) {
        return sum(logits, target, new TensorOptional(weight));
    }

    private Tensor sum(Tensor logits, Tensor target, TensorOptional weight) {
        if (gamma == 0) {
            return crossEntropy(logits, target, weight, REDUCE_BY_SUM);
        }
        // 1 - p_t, without the cancellation of a subtraction.
        Tensor miss = torch.lerp(logits.sigmoid(), logits.neg().sigmoid(), target); // as logits
        Tensor focus = miss.clamp_min(new Scalar(MIN_MISS)).pow(new Scalar(gamma));
        Tensor losses = crossEntropy(logits, target, weight, NO_REDUCTION).mul(focus);
        return (alpha == 0 ? losses : losses.mul(balance(target))).sum();
    }

    private Tensor balance(Tensor target) {
        try (NoGradGuard constant = new NoGradGuard()) {
            return target.mul(new Scalar(2 * alpha - 1)).add(new Scalar(1 - alpha));
        }
    }

    private static Tensor crossEntropy(Tensor logits, Tensor target, TensorOptional weight, long reduction) {
        return torch.binary_cross_entropy_with_logits(logits, target, weight, new TensorOptional(), reduction);
    }
}
