package yolompi.eval;

/** The overlaps at which COCO measures: 0.50, 0.55 … 0.95, computed to the last bit as {@code numpy.linspace} does. */
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
