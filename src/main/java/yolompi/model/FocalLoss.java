package yolompi.model;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Binary cross entropy in which easy cases count less: {@code alpha_t (1 - p_t)^gamma CE} (Lin et al., Focal Loss for Dense Object Detection,
 * 2017, section 3.2), where {@code p_t} is the probability given to what is wanted. For wanted values between 0 and 1, {@code p_t} and
 * {@code alpha_t} lie between those of 0 and 1 in proportion.
 *
 * @param gamma how much less easy cases count; 0: plain cross entropy, without {@code alpha} too
 * @param alpha weight of 1 against that of 0, {@code 1 - alpha}; 0: neither is weighed
 */
record FocalLoss(double gamma, double alpha) {
    /** ATen's numbers for these (ATen/core/Reduction.h). */
    private static final long NO_REDUCTION = 0;

    private static final long REDUCE_BY_SUM = 2;

    /** The slope of a power below 1 has no bound at 0; here cross entropy is 0 in float too. */
    private static final double LEAST_MISS = 1e-30;

    /** Sum over all elements, a scalar; {@code wanted}, from 0 to 1, has the shape of {@code logits}. */
    Tensor sum(Tensor logits, Tensor wanted) {
        return sum(logits, wanted, new TensorOptional());
    }

    /** The same with a factor on each element. */
    Tensor sum(Tensor logits, Tensor wanted, Tensor weight) {
        return sum(logits, wanted, new TensorOptional(weight));
    }

    private Tensor sum(Tensor logits, Tensor wanted, TensorOptional weight) {
        if (gamma == 0) {
            return crossEntropy(logits, wanted, weight, REDUCE_BY_SUM);
        }
        // 1 - p_t without a difference of nearly equal numbers.
        Tensor miss = torch.lerp(logits.sigmoid(), logits.neg().sigmoid(), wanted);
        Tensor focus = miss.clamp_min(new Scalar(LEAST_MISS)).pow(new Scalar(gamma));
        Tensor losses = crossEntropy(logits, wanted, weight, NO_REDUCTION).mul(focus);
        return (alpha == 0 ? losses : losses.mul(balance(wanted))).sum();
    }

    private Tensor balance(Tensor wanted) {
        try (NoGradGuard constant = new NoGradGuard()) {
            return wanted.mul(new Scalar(2 * alpha - 1)).add(new Scalar(1 - alpha));
        }
    }

    private static Tensor crossEntropy(Tensor logits, Tensor wanted, TensorOptional weight, long reduction) {
        return torch.binary_cross_entropy_with_logits(logits, wanted, weight, new TensorOptional(), reduction);
    }
}
