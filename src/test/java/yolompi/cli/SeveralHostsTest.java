package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** Ranks with distinct host names, one of which lacks the network interface that the job names. */
@Tag("mpi")
class SeveralHostsTest {
    private static final String WITHOUT_INTERFACE =
            "[ $OMPI_COMM_WORLD_RANK != %d ] || export GLOO_SOCKET_IFNAME=nosuch0; exec \"$0\" \"$@\"";

    @TempDir
    private static Path folder;

    private static Path recipe;

    @BeforeAll
    static void drawShapes() throws IOException, InterruptedException {
        int status = new ProcessBuilder("unshare", "--uts", "true").start().waitFor();
        assumeTrue(status == 0, "needs unshare --uts to give a rank its own host name: run mpi/verify.sh as root");
        recipe = PackedShapes.in(folder, 6, 1).recipe("hosts", PackedShapes.ONE_EPOCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void allRanksFallBackToTheNextBackendAndLogTheReason(int rank) {
        RankOutcome outcome = launcher(rank)
                .run(
                        "train",
                        recipe.toString(),
                        "--run-dir",
                        folder.resolve("auto" + rank).toString());

        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        assertThat(outcome.output(0))
                .contains("gradients between ranks: mpi, not nccl")
                .contains("not gloo (rank %d: GLOO_SOCKET_IFNAME = \"nosuch0\": no network interface of that name"
                        .formatted(rank))
                .contains(" on node" + rank + "; available: [");
    }

    @Test
    void unavailableBackendOfTheRecipeIsReportedOnce() {
        RankOutcome outcome = launcher(1)
                .run(
                        "train",
                        recipe.toString(),
                        "--run-dir",
                        folder.resolve("gloo").toString(),
                        "--set",
                        "dist.backend=gloo");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.outputs().toString().split("GLOO_SOCKET_IFNAME", -1)).hasSize(2);
    }

    private static RankLauncher launcher(int rankWithoutInterface) {
        return RankLauncher.ofMain(Main.class)
                .ranks(2)
                .eachOnItsOwnHost()
                .under("sh", "-c", WITHOUT_INTERFACE.formatted(rankWithoutInterface));
    }
}
