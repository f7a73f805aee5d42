package yolompi.anchors;

import java.util.SplittableRandom;

/** Random widths and heights of boxes for the anchor tests. */
final class RandomBoxShapes {
    private final SplittableRandom random;

    RandomBoxShapes(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The given number of boxes around each size, whose edges deviate by about this fraction. */
    BoxShapes around(float[] sizes, int each, double deviation) {
        float[] widths = new float[sizes.length / 2 * each];
        float[] heights = new float[widths.length];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = (float) (sizes[2 * (i / each)] * Math.exp(deviation * random.nextGaussian()));
            heights[i] = (float) (sizes[2 * (i / each) + 1] * Math.exp(deviation * random.nextGaussian()));
        }
        return of(widths, heights);
    }

    /**
     * Boxes with log-normal size and shape, which vary as widely as in photographs; clipped to the
     * input.
     */
    BoxShapes likePhotographs(int count, double medianEdge) {
        float[] widths = new float[count];
        float[] heights = new float[count];
        for (int i = 0; i < count; i++) {
            double edge = medianEdge * Math.exp(random.nextGaussian());
            double aspect = Math.exp(0.35 * random.nextGaussian());
            widths[i] = (float) Math.max(4, Math.min(edge * aspect, 416));
            heights[i] = (float) Math.max(4, Math.min(edge / aspect, 416));
        }
        return of(widths, heights);
    }

    static BoxShapes of(float[] widths, float[] heights) {
        return new BoxShapes(widths, heights, 1, 0, 0);
    }
}
