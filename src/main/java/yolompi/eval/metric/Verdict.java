package yolompi.eval.metric;

/** The outcome of matching a detection. */
enum Verdict {
    HIT,
    WRONG,
    /** Neither a true nor a false positive. */
    IGNORED
}
