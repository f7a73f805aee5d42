package yolompi.dist;

/** What this rank is doing: set by whoever works, read by the {@link RankMonitor}. */
public final class RankStatus {
    private Doing doing = Doing.NOTHING_YET;
    private long waitBegan;
    private long waitedNanos;

    RankStatus() {}

    /** Begins a step, from 1. */
    public synchronized void step(long step, Activity activity) {
        doing = new Doing(step, activity, false, doing.changes() + 1);
    }

    /** Begins another activity; the same again says that it goes on. */
    public synchronized void enter(Activity activity) {
        doing = new Doing(doing.step(), activity, false, doing.changes() + 1);
    }

    /** Begins or ends to wait for all ranks, in the midst of an activity. */
    synchronized void waits(boolean waits) {
        if (waits) {
            waitBegan = System.nanoTime();
        } else {
            waitedNanos += System.nanoTime() - waitBegan;
        }
        doing = new Doing(doing.step(), doing.activity(), waits, doing.changes() + 1);
    }

    /** Marks that this rank waits for all as long as {@code exchange} goes on; after one that failed too, as it may be another's fault. */
    void waitsFor(Runnable exchange) {
        waits(true);
        exchange.run();
        waits(false);
    }

    /** Time that this rank has spent waiting for all, since the start, as far as {@link #waits} was told. */
    public synchronized long waitedNanos() {
        return waitedNanos;
    }

    synchronized Doing now() {
        return doing;
    }
}
