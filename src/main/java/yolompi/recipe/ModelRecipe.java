package yolompi.recipe;

/**
 * Which network, and in which arithmetic.
 *
 * @param cfg {@code yolov3}, {@code yolov3-tiny}, or the path of a Darknet {@code .cfg} file
 * @param precision arithmetic of the forward and backward pass
 */
public record ModelRecipe(String cfg, Precision precision) {
    public ModelRecipe {
        if (cfg.isBlank()) {
            Limits.fail("model.cfg", "\"\"", "yolov3, yolov3-tiny or the path of a .cfg file");
        }
    }

    public enum Precision {
        FP32,
        /** Autocast to bfloat16; weights, gradients and the loss stay fp32. */
        BF16
    }
}
