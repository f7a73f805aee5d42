package yolompi.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import yolompi.detect.Candidates;
import yolompi.detect.NmsConfig;

/**
 * Measures the time of NMS for one synthetic image: most candidates lie near an object, as a
 * network predicts them, the others anywhere.
 */
public final class NmsBenchmark {
    private static final float EDGE = 640;
    private static final double NEAR_AN_OBJECT = 0.7;
    private static final int WARM_UPS = 200;

    private final float[] table; // rows of Candidates.ROW values
    private final int candidates;

    /**
     * Creates random candidates.
     *
     * @param seed seed of the random numbers
     */
    public NmsBenchmark(int candidates, int objects, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] truth = new float[objects][];
        Arrays.setAll(truth, i -> row(random, random.nextInt(classes)));
        this.candidates = candidates;
        this.table = new float[Candidates.ROW * candidates];
        for (int i = 0; i < candidates; i++) {
            float[] row = random.nextDouble() < NEAR_AN_OBJECT
                    ? near(truth[random.nextInt(objects)], random)
                    : row(random, random.nextInt(classes));
            System.arraycopy(row, 0, table, Candidates.ROW * i, Candidates.ROW);
        }
    }

    private static float[] row(SplittableRandom random, int classId) {
        float width = (float) (16 + random.nextDouble(150));
        float height = (float) (16 + random.nextDouble(150));
        float left = (float) random.nextDouble(EDGE - width);
        float top = (float) random.nextDouble(EDGE - height);
        return new float[] {left, top, left + width, top + height, (float) random.nextDouble(), classId};
    }

    private static float[] near(float[] object, SplittableRandom random) {
        float[] row = object.clone();
        float width = object[2] - object[0];
        for (int i = 0; i < 4; i++) {
            row[i] += (float) (0.1 * width * (random.nextDouble() - 0.5));
        }
        row[4] = (float) random.nextDouble();
        return row;
    }

    /**
     * Runs NMS repeatedly.
     *
     * @return milliseconds of each run, from the network's rows to the detections
     */
    public double[] run(NmsConfig rule, int times) {
        for (int i = 0; i < WARM_UPS; i++) {
            found(rule);
        }
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            found(rule);
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        return millis;
    }

    /** Number of boxes that NMS keeps. */
    public int found(NmsConfig rule) {
        Candidates image = new Candidates();
        for (int i = 0; i < candidates; i++) {
            image.add(table, i);
        }
        return image.suppress(rule).size();
    }
}
