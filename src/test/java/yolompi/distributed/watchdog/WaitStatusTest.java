package yolompi.distributed.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/**
 * A rank that waits for another rank's tensors reports that. Otherwise, it would be blamed for the
 * other's stall.
 */
@Tag("mpi")
class WaitStatusTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gloo", "mpi"})
    void rankReportsThatItWaitsForTensors(String backend) {
        RankOutcome outcome = RankLauncher.ofMain(WaitStatusProgram.class)
                .ranks(2)
                .run(backend, folder.resolve("waiting").toString());

        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();
        assertThat(outcome.lines(0))
                .containsSubsequence(
                        "computing the forward pass, waiting for all ranks, step 3",
                        "got 2.0: computing the forward pass, step 3");
    }
}
