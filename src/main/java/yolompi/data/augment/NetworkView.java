package yolompi.data.augment;

import java.util.List;
import yolompi.data.Batch;
import yolompi.data.SampleRef;
import yolompi.data.SampleSource;
import yolompi.geometry.LabeledBox;

/**
 * An image as the network input of an evaluation: letterboxed, without augmentation.
 *
 * @param pixels uint8 {@code [S,S,3]}, RGB
 * @param boxes ground-truth boxes in input pixels, including ignored boxes
 */
public record NetworkView(byte[] pixels, List<LabeledBox> boxes) {
    /**
     * Reads and letterboxes one image.
     *
     * @param size edge S of the input, pixels
     * @throws yolompi.InputException if the sample's bytes are damaged
     */
    public static NetworkView of(SampleSource source, int index, int size) {
        byte[] pixels = new byte[Batch.bytesOf(1, size)];
        List<LabeledBox> boxes = Augmenter.letterbox().augment(source, new SampleRef(0, index), size, pixels, 0);
        return new NetworkView(pixels, boxes);
    }
}
