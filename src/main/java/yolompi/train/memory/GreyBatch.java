package yolompi.train.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import yolompi.data.Batch;
import yolompi.data.SampleRef;
import yolompi.data.augment.Augmenter;

/** A batch with the cost of a real one: gray images, with centered boxes of all sizes. */
public final class GreyBatch {
    private static final int BOXES = 10; // per image: the loss needs little memory compared with the layers

    private GreyBatch() {}

    /** Creates images of {@code size} × {@code size} pixels, each with ten boxes of class 0. */
    public static Batch of(int images, int size) {
        byte[] pixels = new byte[Batch.bytesOf(images, size)];
        Arrays.fill(pixels, (byte) Augmenter.PADDING);
        List<SampleRef> samples = new ArrayList<>();
        float[] boxes = new float[6 * BOXES * images];
        for (int image = 0; image < images; image++) {
            samples.add(new SampleRef(0, image));
            for (int box = 0; box < BOXES; box++) {
                float edge = size * (1 + box) / (BOXES + 1f);
                float[] row = {image, 0, size / 2f, size / 2f, edge, edge};
                System.arraycopy(row, 0, boxes, row.length * (image * BOXES + box), row.length);
            }
        }
        return new Batch(samples, size, pixels, boxes);
    }
}
