package yolompi.recipe;

import java.util.List;

/**
 * Which network, and in which arithmetic.
 *
 * @param cfg {@code yolov3}, {@code yolov3-tiny}, {@code yolov3-spp}, or the path of a Darknet {@code .cfg} file
 * @param weights a checkpoint to begin from, of which what fits is taken; empty: random weights
 * @param anchors widths and heights of all prior boxes in input pixels, in the order of the cfg, instead of those in it; empty: those
 * @param freeze layers that are not trained: {@code backbone}, or numbers such as {@code 0-12, 15}; empty: none
 * @param unfreezeEpoch completed epochs after which the frozen layers are trained too; 0: never
 * @param device where it is computed
 * @param precision arithmetic of the forward and backward pass
 * @param layout how images and kernels lie in memory
 * @param autotune on GPUs, the fastest way of each convolution is found by trying all, for each size of the input once
 * @param frozenBatchNorm batch norms use their running statistics in training too, and don't change them
 * @param syncBatchNorm batch norms use the statistics of the images of all ranks together
 */
public record ModelRecipe(
        String cfg,
        String weights,
        String freeze,
        int unfreezeEpoch,
        List<Double> anchors,
        DeviceKind device,
        Precision precision,
        Layout layout,
        boolean autotune,
        boolean frozenBatchNorm,
        boolean syncBatchNorm) {
    public ModelRecipe {
        anchors = List.copyOf(anchors);
        if (anchors.size() % 2 != 0 || !anchors.stream().allMatch(ModelRecipe::isEdge)) {
            Limits.fail("model.anchors", anchors, "pairs of a width and a height in pixels, all above 0");
        }
        if (frozenBatchNorm && syncBatchNorm) {
            Limits.fail("model.sync_batch_norm", true, "false where model.frozen_batch_norm is true");
        }
        Limits.atLeast("model.unfreeze_epoch", unfreezeEpoch, 0);
        if (unfreezeEpoch > 0 && freeze.isBlank()) {
            Limits.fail("model.unfreeze_epoch", unfreezeEpoch, "0 where model.freeze is empty");
        }
        if (cfg.isBlank()) {
            Limits.fail("model.cfg", "\"\"", "yolov3, yolov3-tiny, yolov3-spp or the path of a .cfg file");
        }
    }

    /** As the float that it becomes. */
    private static boolean isEdge(double anchor) {
        return (float) anchor > 0 && Float.isFinite((float) anchor);
    }

    public enum DeviceKind {
        /** GPUs where every rank has one, otherwise CPUs. */
        AUTO,
        CPU,
        GPU
    }

    public enum Layout {
        /** Channels-last, but plain on CPUs where any rank's processor has no AVX-512. */
        AUTO,
        /** A channel's pixels together (NCHW). */
        PLAIN,
        /** A pixel's channels together (NHWC). */
        CHANNELS_LAST
    }

    public enum Precision {
        FP32,
        /** Products rounded to ten bits of mantissa, on GPUs; fp32 on CPUs. */
        TF32,
        /** Autocast to bfloat16; weights, gradients and the loss stay fp32. */
        BF16,
        /** Autocast to float16, with a scaled loss. */
        FP16,
        /** BF16 on GPUs, and where every rank's processor multiplies such numbers itself (AMX, AVX-512 BF16); otherwise FP32. */
        AUTO
    }
}
