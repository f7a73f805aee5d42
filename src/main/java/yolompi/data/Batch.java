package yolompi.data;

import java.util.List;
import yolompi.InputException;

/**
 * Images as they enter the network at once on one rank, in Java arrays: loader threads make it, the
 * training thread turns it into tensors.
 *
 * @param samples what was read, in the order of the images
 * @param size edge S of the square input, pixels
 * @param images uint8 {@code [N,S,S,3]}, RGB, letterboxed; padding is
 *     {@link Augmenter#PADDING grey}
 * @param boxes float {@code [M,6]}: image in the batch, class, centre x, centre y, width, height in
 *     input pixels; ignored boxes are left out
 */
public record Batch(List<SampleRef> samples, int size, byte[] images, float[] boxes) {
    /**
     * Bytes of so many images in one batch.
     *
     * @param size edge of the square input, pixels
     * @throws InputException where they are more than an array holds
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
