package yolompi.ranks;

import java.util.List;

/**
 * Exit code and output of a job.
 *
 * @param exitCode of {@code mpirun}: 0 if all ranks ended with 0
 * @param outputs standard output and error of each rank, in the order of the ranks
 * @param launcherOutput output of {@code mpirun} itself; empty for the ranks of a team
 */
public record RankOutcome(int exitCode, List<String> outputs, String launcherOutput) {
    /** Standard output and error of a rank. */
    public String output(int rank) {
        return outputs.get(rank);
    }

    /** The lines that a rank wrote. */
    public List<String> lines(int rank) {
        return output(rank).lines().toList();
    }
}
