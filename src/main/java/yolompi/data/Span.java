package yolompi.data;

/**
 * A run of positions.
 *
 * @param from first position
 * @param end one past the last
 */
record Span(int from, int end) {
    /**
     * The part of {@code total} positions that a rank takes: all ranks' parts are even, see
     * {@link #split}.
     */
    static Span ofRank(int total, int rank, int world) {
        if (rank < 0 || rank >= world) {
            throw new IllegalArgumentException("rank " + rank + " of " + world + ": expected 0 to world - 1");
        }
        return new Span(0, total).split(rank, world);
    }

    /**
     * One of several parts of this run of length L: {@code floor(part · L / parts)} up to
     * {@code floor((part + 1) · L / parts)}, counted from its start. Parts are contiguous, cover
     * everything once and differ by at most one in length.
     */
    Span split(int part, int parts) {
        return new Span(from + (int) ((long) part * length() / parts), from + (int) ((part + 1L) * length() / parts));
    }

    int length() {
        return end - from;
    }
}
