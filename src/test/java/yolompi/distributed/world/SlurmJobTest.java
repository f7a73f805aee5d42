package yolompi.distributed.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SlurmJobTest {
    @Test
    void jobIsDescribedWithRestartsAndNodes() {
        assertThat(SlurmJob.describe(Map.of("SLURM_JOB_ID", "17", "SLURM_JOB_NODELIST", "n[1-2]")))
                .contains("job 17, restart 0, on n[1-2]");
        assertThat(SlurmJob.describe(Map.of("SLURM_JOB_ID", "17", "SLURM_RESTART_COUNT", "2")))
                .contains("job 17, restart 2");
    }

    @Test
    void arrayTaskIsDescribedWithItsNumber() {
        assertThat(SlurmJob.describe(
                        Map.of("SLURM_JOB_ID", "19", "SLURM_ARRAY_JOB_ID", "17", "SLURM_ARRAY_TASK_ID", "3")))
                .contains("job 19 (task 3 of array 17), restart 0");
    }

    @Test
    void descriptionIsEmptyOutsideSlurm() {
        assertThat(SlurmJob.describe(Map.of("HOME", "/root"))).isEmpty();
    }
}
