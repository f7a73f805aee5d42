package yolompi.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import yolompi.data.Batch;
import yolompi.data.SampleRef;

/** Batches of random pixels and boxes. Image i is the same in every batch. */
public final class RandomBatches {
    private RandomBatches() {}

    /**
     * Creates images {@code from} (inclusive) to {@code to} (exclusive). Image i has i % 7 boxes,
     * so that micro-batches have different numbers of boxes.
     */
    public static Batch of(int from, int to, int size, int classes) {
        List<SampleRef> samples = new ArrayList<>();
        byte[] images = new byte[(to - from) * size * size * 3];
        List<Float> boxes = new ArrayList<>();
        for (int image = from; image < to; image++) {
            SplittableRandom random = new SplittableRandom(image);
            samples.add(new SampleRef(0, image));
            byte[] pixels = new byte[size * size * 3];
            random.nextBytes(pixels);
            System.arraycopy(pixels, 0, images, (image - from) * pixels.length, pixels.length);
            for (int box = 0; box < image % 7; box++) {
                float width = (float) random.nextDouble(8, size / 2.0);
                float height = (float) random.nextDouble(8, size / 2.0);
                boxes.addAll(List.of(
                        (float) (image - from),
                        (float) random.nextInt(classes),
                        (float) random.nextDouble(width / 2, size - width / 2),
                        (float) random.nextDouble(height / 2, size - height / 2),
                        width,
                        height));
            }
        }
        float[] rows = new float[boxes.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = boxes.get(i);
        }
        return new Batch(samples, size, images, rows);
    }
}
