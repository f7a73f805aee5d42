package yolompi.dist;

import java.util.List;

/**
 * Exit code and output of a job of ranks.
 *
 * @param exitCode that of {@code mpirun}: 0 when all ranks ended with 0
 * @param outputs what each rank wrote, standard output and error together, by rank
 * @param launcherOutput what {@code mpirun} itself wrote; empty for ranks that stay
 */
public record RankOutcome(int exitCode, List<String> outputs, String launcherOutput) {
    /** What a rank wrote, standard output and error together. */
    public String output(int rank) {
        return outputs.get(rank);
    }

    /** The lines that a rank wrote. */
    public List<String> lines(int rank) {
        return output(rank).lines().toList();
    }
}
