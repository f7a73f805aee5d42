package yolompi.eval;

/** What a detection turned out to be. */
enum Verdict {
    HIT,
    WRONG,
    /** Neither helps nor harms. */
    IGNORED
}
