package yolompi.dist;

/**
 * What a rank does at one moment.
 *
 * @param step the step that it works on, from 1; 0 before the first
 * @param waits whether it waits for all ranks, inside that activity
 * @param changes how often it began something new; as long as this stands still, so does the rank
 */
record Doing(long step, Activity activity, boolean waits, long changes) {
    static final Doing NOTHING_YET = new Doing(0, Activity.STARTING, false, 0);

    /** Ranks that do the same share a line of the report. */
    String describe() {
        return activity + (waits ? ", waiting for all ranks" : "") + (step > 0 ? ", step " + step : "");
    }
}
