package yolompi.distributed.watchdog;

/**
 * Snapshot of a rank's activity.
 *
 * @param step current step, from 1; 0 before the first
 * @param waits whether it waits for all ranks within the activity
 * @param changes number of activities begun so far; if it does not change, the rank makes no
 *     progress
 */
record Doing(long step, Activity activity, boolean waits, long changes) {
    static final Doing NOTHING_YET = new Doing(0, Activity.STARTING, false, 0);

    /** Text for the report. Ranks with the same text share a line. */
    String describe() {
        return activity + (waits ? ", waiting for all ranks" : "") + (step > 0 ? ", step " + step : "");
    }
}
