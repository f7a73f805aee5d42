package yolompi.data;

import java.util.List;
import yolompi.geometry.LabeledBox;

/**
 * An image as an evaluation gives it to the network: letterboxed, nothing changed by chance.
 *
 * @param pixels uint8 {@code [S,S,3]}, RGB
 * @param boxes true boxes in pixels of the input; ignored ones included
 */
public record NetworkView(byte[] pixels, List<LabeledBox> boxes) {
    /**
     * Reads one.
     *
     * @param size edge S of the input, pixels
     * @throws yolompi.InputException when the sample's bytes are damaged
     */
    public static NetworkView of(SampleSource source, int index, int size) {
        byte[] pixels = new byte[Batch.bytesOf(1, size)];
        List<LabeledBox> boxes = Augmenter.letterbox().augment(source, new SampleRef(0, index), size, pixels, 0);
        return new NetworkView(pixels, boxes);
    }
}
