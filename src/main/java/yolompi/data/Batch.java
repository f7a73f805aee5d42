package yolompi.data;

import java.util.List;
import yolompi.InputException;
import yolompi.data.augment.Augmenter;

/**
 * A micro-batch of one rank in Java arrays. Loader threads create it; the training thread turns it
 * into tensors.
 *
 * @param samples the readings, in the order of the images
 * @param size edge S of the square input, pixels
 * @param images uint8 {@code [N,S,S,3]}, RGB, letterboxed; padding is
 *     {@link Augmenter#PADDING gray}
 * @param boxes float {@code [M,6]}: image in the batch, class, center x, center y, width, height in
 *     input pixels; without ignored boxes
 */
public record Batch(List<SampleRef> samples, int size, byte[] images, float[] boxes) {
    /**
     * Number of bytes of a batch of images.
     *
     * @param size edge of the square input, pixels
     * @throws InputException if they exceed the size of a Java array
     */
    public static int bytesOf(int images, int size) {
        long bytes = 3L * size * size * images;
        if (bytes > Integer.MAX_VALUE) {
            throw new InputException(images + " images of " + size + " × " + size
                    + " pixels in one batch: expected at most 2 GiB; use a smaller batch");
        }
        return (int) bytes;
    }

    public int imageCount() {
        return samples.size();
    }

    public int boxCount() {
        return boxes.length / 6;
    }
}
