package yolompi.recipe;

import java.util.List;

/**
 * The network, its device and its precision.
 *
 * @param cfg {@code yolov3}, {@code yolov3-tiny}, {@code yolov3-spp}, or the path of a Darknet
 *     {@code .cfg} file
 * @param weights checkpoint to start from; tensors that match are loaded; empty: random weights
 * @param anchors widths and heights of all anchors in input pixels, in the order of the cfg; empty:
 *     those of the cfg
 * @param freeze layers that are not trained: {@code backbone}, or numbers such as {@code 0-12, 15};
 *     empty: none
 * @param unfreezeEpoch number of epochs after which the frozen layers are trained too; 0: never
 * @param device device of the computation
 * @param precision precision of the forward and backward pass
 * @param layout memory layout of activations and kernels
 * @param autotune whether cuDNN tries all algorithms of each convolution, once per input size
 * @param frozenBatchNorm whether batch norm uses its running statistics in training, unchanged
 * @param syncBatchNorm whether batch norm uses the statistics of all ranks
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
            Limits.fail("model.sync_batch_norm", true, "false, because model.frozen_batch_norm is true");
        }
        Limits.atLeast("model.unfreeze_epoch", unfreezeEpoch, 0);
        if (unfreezeEpoch > 0 && freeze.isBlank()) {
            Limits.fail("model.unfreeze_epoch", unfreezeEpoch, "0, because model.freeze is empty");
        }
        if (cfg.isBlank()) {
            Limits.fail("model.cfg", "\"\"", "yolov3, yolov3-tiny, yolov3-spp or the path of a .cfg file");
        }
    }

    /** Whether it is a valid edge after rounding to float. */
    private static boolean isEdge(double anchor) {
        return (float) anchor > 0 && Float.isFinite((float) anchor);
    }

    public enum DeviceKind {
        /** GPUs if every rank has one, otherwise CPUs. */
        AUTO,
        CPU,
        GPU
    }

    public enum Layout {
        /** CHANNELS_LAST, but PLAIN on CPUs if the processor of any rank has no AVX-512. */
        AUTO,
        /** The pixels of a channel are contiguous (NCHW). */
        PLAIN,
        /** The channels of a pixel are contiguous (NHWC). */
        CHANNELS_LAST
    }

    public enum Precision {
        FP32,
        /** Inputs of products rounded to 10 bits of mantissa on GPUs; fp32 on CPUs. */
        TF32,
        /** Autocast to bfloat16; weights, gradients and the loss stay fp32. */
        BF16,
        /** Autocast to float16, with loss scaling. */
        FP16,
        /** BF16 on GPUs and if every rank's CPU has AMX or AVX-512 BF16; otherwise FP32. */
        AUTO
    }
}
