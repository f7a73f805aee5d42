package yolompi.distributed.watchdog;

/**
 * Current activity of this rank. The training thread writes it, the {@link Watchdog} reads it.
 */
public final class RankStatus {
    /**
     * Snapshot of a rank's activity.
     *
     * @param step current step, from 1; 0 before the first
     * @param waits whether it waits for all ranks within the activity
     * @param changes number of activities begun so far; if it does not change, the rank makes no
     *     progress
     */
    record ActivitySnapshot(long step, Activity activity, boolean waits, long changes) {
        static final ActivitySnapshot NOTHING_YET = new ActivitySnapshot(0, Activity.STARTING, false, 0);

        /** Text for the report. Ranks with the same text share a line. */
        String describe() {
            return activity + (waits ? ", waiting for all ranks" : "") + (step > 0 ? ", step " + step : "");
        }
    }

    private ActivitySnapshot doing = ActivitySnapshot.NOTHING_YET;
    private long waitBegan;
    private long waitedNanos;

    public RankStatus() {}

    /** Begins a step, counted from 1. */
    public synchronized void step(long step, Activity activity) {
        doing = new ActivitySnapshot(step, activity, false, doing.changes() + 1);
    }

    /** Begins another activity. Entering the same activity again reports progress. */
    public synchronized void enter(Activity activity) {
        doing = new ActivitySnapshot(doing.step(), activity, false, doing.changes() + 1);
    }

    /** Begins or ends waiting for all ranks within an activity. */
    public synchronized void waits(boolean waits) {
        if (waits) {
            waitBegan = System.nanoTime();
        } else {
            waitedNanos += System.nanoTime() - waitBegan;
        }
        doing = new ActivitySnapshot(doing.step(), doing.activity(), waits, doing.changes() + 1);
    }

    /**
     * Marks this rank as waiting while the exchange runs. If the exchange fails, the mark stays:
     * another rank may be the cause.
     */
    public void waitsFor(Runnable exchange) {
        waits(true);
        exchange.run();
        waits(false);
    }

    /** Total time in {@link #waits}, in nanoseconds since the start. */
    public synchronized long waitedNanos() {
        return waitedNanos;
    }

    synchronized ActivitySnapshot now() {
        return doing;
    }
}
