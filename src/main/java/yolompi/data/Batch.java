package yolompi.data;

import java.util.List;

/**
 * Images as they enter the network at once on one rank, in Java arrays: loader threads make it, the training thread turns it into tensors.
 *
 * @param samples what was read, in the order of the images
 * @param size edge S of the square input, pixels
 * @param images uint8 {@code [N,S,S,3]}, RGB, letterboxed; padding is grey 114
 * @param boxes float {@code [M,6]}: image in the batch, class, centre x, centre y, width, height in input pixels; ignored boxes are left out
 */
public record Batch(List<SampleRef> samples, int size, byte[] images, float[] boxes) {
    public int imageCount() {
        return samples.size();
    }

    public int boxCount() {
        return boxes.length / 6;
    }
}
