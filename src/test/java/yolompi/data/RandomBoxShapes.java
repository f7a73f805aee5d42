package yolompi.data;

import java.util.SplittableRandom;

/** Widths and heights of boxes, drawn at random for tests of anchors. */
final class RandomBoxShapes {
    private final SplittableRandom random;

    RandomBoxShapes(long seed) {
        random = new SplittableRandom(seed);
    }

    /** As many boxes around each of the sizes, with edges that deviate by about this part. */
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
     * Boxes whose size and shape vary as widely as those of photographs: log-normal, inside of the
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
