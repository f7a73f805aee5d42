package yolompi.data.sampler;

import yolompi.data.SampleRef;

/**
 * The full order with class balancing: an epoch reads samples in proportion to their weights. With
 * N samples and weights w, the reading at position p of an epoch is computed as follows:
 *
 * <ol>
 *   <li>Systematic resampling (Kitagawa, "Monte Carlo filter and smoother", 1996, appendix) fills N
 *       slots. Let c(i) = N·(w(0) + … + w(i)) / Σw, and let u, 0 ≤ u &lt; 1, be the epoch's offset
 *       from {@link RandomStreams#balance}. Slot s holds the first sample i with c(i) &gt; s + u.
 *       So sample i has N·w(i)/Σw slots on average over the epochs; in each epoch this number is
 *       rounded up or down. The slots of a sample are adjacent.
 *   <li>{@link ShuffledEpochs} gives the slot at position p. If all weights are equal, slot s holds
 *       sample s, and the order equals the full order.
 *   <li>{@link SampleRef#repeat()} is the number of earlier slots with the same sample.
 * </ol>
 */
final class ClassBalancedSampler implements SampleOrder {
    private final ShuffledEpochs slots;
    private final RepeatFactors balance;
    private final long seed;

    /** c, preceded by 0. */
    private final double[] ends;

    /** The slots of the latest even and of the latest odd epoch: a step may span two epochs. */
    private final int[][] samples = new int[2][0];

    private final int[] epochs = {-1, -1};

    ClassBalancedSampler(RepeatFactors balance, long seed) {
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
            samples[kept] = resampled(RandomStreams.balance(seed, epoch).nextDouble());
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
