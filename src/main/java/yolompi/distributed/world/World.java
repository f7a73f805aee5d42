package yolompi.distributed.world;

/**
 * Position of this process among the ranks of a job.
 *
 * @param rank from 0
 * @param size number of ranks
 * @param localRank from 0, among the ranks of this host
 * @param localSize number of ranks on this host
 * @param host name of this host
 */
public record World(int rank, int size, int localRank, int localSize, String host) {
    public World {
        if (rank < 0 || rank >= size || localRank < 0 || localRank >= localSize || localSize > size) {
            throw new IllegalArgumentException(
                    "rank %d of %d, local %d of %d".formatted(rank, size, localRank, localSize));
        }
    }

    /** A world of one process. */
    public static World alone(String host) {
        return new World(0, 1, 0, 1, host);
    }

    /** Whether this is rank 0, which prints and writes files for all. */
    public boolean isRankZero() {
        return rank == 0;
    }

    /** Names this rank in messages: {@code rank 3 of 8 on node07}. */
    public String describe() {
        return "rank %d of %d on %s".formatted(rank, size, host);
    }
}
