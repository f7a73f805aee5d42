package yolompi.eval.metric;

/** COCO's IoU thresholds 0.50, 0.55 … 0.95, bit-identical to {@code numpy.linspace}. */
final class IouThresholds {
    static final int COUNT = 10;

    private static final double FIRST = 0.5;
    private static final double LAST = 0.95;
    private static final double STEP = (LAST - FIRST) / (COUNT - 1);

    private IouThresholds() {}

    static double at(int index) {
        return index == COUNT - 1 ? LAST : index * STEP + FIRST;
    }
}
