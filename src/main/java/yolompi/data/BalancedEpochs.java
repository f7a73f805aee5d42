package yolompi.data;

/**
 * The full order of a set whose samples are read more or less often. With N samples and weights w,
 * position p of an epoch comes about like this:
 *
 * <ol>
 *   <li>Systematic resampling (Kitagawa, "Monte Carlo filter and smoother", 1996, appendix) fills N
 *       slots: with c(i) = N·(w(0) + … + w(i)) / Σw and the epoch's offset u, 0 ≤ u &lt; 1, from
 *       {@link Seeds#balance}, slot s holds the first sample i with c(i) &gt; s + u. So sample i
 *       has N·w(i)/Σw slots on average over the epochs, rounded up or down in each, and they are
 *       neighbours.
 *   <li>The slot at position p is what {@link ShuffledEpochs} says. Where all weights are equal,
 *       slot s holds sample s, and the order is the full one.
 *   <li>The reading is the sample's k-th repeat where k slots before this one hold it.
 * </ol>
 */
final class BalancedEpochs implements SampleOrder {
    private final ShuffledEpochs slots;
    private final ClassBalance balance;
    private final long seed;

    /** c, with 0 before the first sample. */
    private final double[] ends;

    /**
     * The slots of the last even and of the last odd epoch, so that a step across two epochs finds
     * both.
     */
    private final int[][] samples = new int[2][0];

    private final int[] epochs = {-1, -1};

    BalancedEpochs(ClassBalance balance, long seed) {
        this.balance = balance;
        this.seed = seed;
        slots = new ShuffledEpochs(balance.images(), seed);
        ends = new double[balance.images() + 1];
        for (int i = 0; i < balance.images(); i++) {
            ends[i + 1] = ends[i] + balance.weight(i);
        }
        double total = ends[balance.images()];
        for (int i = 1; i <= balance.images(); i++) {
            ends[i] = ends[i] * balance.images() / total;
        }
    }

    @Override
    public int samples() {
        return slots.samples();
    }

    @Override
    public SampleRef at(long position) {
        SampleRef slot = slots.at(position);
        int[] held = held(slot.epoch());
        int sample = held[slot.index()];
        int repeat = 0;
        while (repeat < slot.index() && held[slot.index() - repeat - 1] == sample) {
            repeat++;
        }
        return new SampleRef(slot.epoch(), sample, repeat);
    }

    @Override
    public String describe() {
        return "%s, classes balanced by %s (weights hash to %08x)"
                .formatted(slots.describe(), balance.strength(), balance.weightsHash());
    }

    private synchronized int[] held(int epoch) {
        int kept = epoch & 1;
        if (epochs[kept] != epoch) {
            samples[kept] = resampled(Seeds.balance(seed, epoch).nextDouble());
            epochs[kept] = epoch;
        }
        return samples[kept];
    }

    private int[] resampled(double offset) {
        int[] held = new int[samples()];
        int sample = 0;
        for (int slot = 0; slot < held.length; slot++) {
            while (sample < held.length - 1 && ends[sample + 1] <= slot + offset) {
                sample++;
            }
            held[slot] = sample;
        }
        return held;
    }
}
