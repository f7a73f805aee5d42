package yolompi.data;

/**
 * A run of positions.
 *
 * @param from first position
 * @param end one past the last
 */
record Span(int from, int end) {
    /**
     * The part of {@code total} positions that a rank takes: {@code floor(rank · total / world)} up to
     * {@code floor((rank + 1) · total / world)}. Parts are contiguous, cover everything once and differ by at most one in length.
     */
    static Span ofRank(int total, int rank, int world) {
        if (rank < 0 || rank >= world) {
            throw new IllegalArgumentException("rank " + rank + " of " + world + ": expected 0 to world - 1");
        }
        return new Span((int) ((long) rank * total / world), (int) ((rank + 1L) * total / world));
    }

    int length() {
        return end - from;
    }
}
