package yolompi.data.sampler;

/**
 * A range of positions.
 *
 * @param from first position
 * @param end one past the last position
 */
record Span(int from, int end) {
    /**
     * The part of {@code total} positions that belongs to a rank; parts are even, see
     * {@link #split}.
     */
    static Span ofRank(int total, int rank, int world) {
        if (rank < 0 || rank >= world) {
            throw new IllegalArgumentException("rank " + rank + " of " + world + ": expected 0 to world - 1");
        }
        return new Span(0, total).split(rank, world);
    }

    /**
     * One of several parts of this range. Relative to its start, the part extends from
     * {@code floor(part · L / parts)}, inclusive, to {@code floor((part + 1) · L / parts)},
     * exclusive, where L is the length of the range. Parts are contiguous and disjoint, cover the
     * range, and differ by at most one in length.
     */
    Span split(int part, int parts) {
        return new Span(from + (int) ((long) part * length() / parts), from + (int) ((part + 1L) * length() / parts));
    }

    int length() {
        return end - from;
    }
}
