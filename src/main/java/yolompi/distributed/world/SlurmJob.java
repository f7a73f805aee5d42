package yolompi.distributed.world;

import java.util.Map;
import java.util.Optional;

/** The Slurm job that this process belongs to, from environment variables. */
public final class SlurmJob {
    private SlurmJob() {}

    /** Job ID; each task of an array has its own. Empty outside Slurm. */
    public static Optional<String> id() {
        return Optional.ofNullable(System.getenv("SLURM_JOB_ID"));
    }

    /** Such as {@code job 17, restart 2, on n[1-2]}. Empty outside Slurm. */
    public static Optional<String> describe() {
        return describe(System.getenv());
    }

    static Optional<String> describe(Map<String, String> environment) {
        if (!environment.containsKey("SLURM_JOB_ID")) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder("job ").append(environment.get("SLURM_JOB_ID"));
        if (environment.containsKey("SLURM_ARRAY_JOB_ID")) {
            text.append(" (task ")
                    .append(environment.get("SLURM_ARRAY_TASK_ID"))
                    .append(" of array ")
                    .append(environment.get("SLURM_ARRAY_JOB_ID"))
                    .append(')');
        }
        // Slurm sets it only after the first restart.
        text.append(", restart ").append(environment.getOrDefault("SLURM_RESTART_COUNT", "0"));
        String nodes = environment.get("SLURM_JOB_NODELIST");
        return Optional.of(
                nodes == null
                        ? text.toString()
                        : text.append(", on ").append(nodes).toString());
    }
}
