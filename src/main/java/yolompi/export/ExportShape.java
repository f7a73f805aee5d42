package yolompi.export;

import java.util.List;
import java.util.OptionalInt;
import yolompi.WrongUsageException;
import yolompi.model.Architecture;
import yolompi.model.YoloHead;

/**
 * Shapes of the inputs and outputs of an exported model.
 *
 * @param batch images per run; empty: any number
 * @param size edge of the square input, pixels
 * @param predictors boxes per image before NMS
 * @param classes number of classes
 */
public record ExportShape(OptionalInt batch, int size, int predictors, int classes) {
    /** Maximum edge of an input, pixels, as in a recipe. */
    private static final int LARGEST = 4096;

    /** Channels of an image. */
    static final int CHANNELS = 3;

    /** Values of a detection: image, class, score, x1, y1, x2, y2. */
    static final int DETECTION = 7;

    /**
     * The shape of a network for inputs of one size.
     *
     * @throws WrongUsageException if the size is too large or not a multiple of the largest stride,
     *     or the batch is empty
     */
    public static ExportShape of(Architecture architecture, OptionalInt batch, int size) {
        int stride = architecture.largestStride();
        if (size < 1 || size % stride != 0) {
            throw new WrongUsageException("--size %d: expected a multiple of %d, the largest stride of %s"
                    .formatted(size, stride, architecture.source()));
        }
        if (batch.isPresent() && batch.getAsInt() < 1) {
            throw new WrongUsageException("--batch " + batch.getAsInt() + ": expected 1 or more, or dynamic");
        }
        List<YoloHead> heads = architecture.heads();
        if (size > LARGEST) {
            throw new WrongUsageException("--size %d: expected at most %d".formatted(size, LARGEST));
        }
        int predictors = heads.stream()
                .mapToInt(head ->
                        head.cells(size) * head.cells(size) * head.anchors().size())
                .sum();
        return new ExportShape(batch, size, predictors, heads.get(0).classes());
    }

    /**
     * Inputs and outputs as text, such as
     * {@code images [1,3,416,416] -> boxes [1,10647,4], scores [1,10647,20]}.
     */
    String describe(boolean suppressed) {
        String images = batch.isPresent() ? Integer.toString(batch.getAsInt()) : "N";
        String outputs = suppressed
                ? "detections [D,%s]".formatted(DETECTION)
                : "boxes [%1$s,%2$s,4], scores [%1$s,%2$s,%3$s]".formatted(images, predictors, classes);
        return "images [%s,%s,%s,%s] -> %s".formatted(images, CHANNELS, size, size, outputs);
    }
}
