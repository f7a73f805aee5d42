package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;

@Tag("mpi")
class JarIT {
    @Test
    void theBuiltJarRunsUnderMpirunWithoutFurtherFlags() {
        RankOutcome outcome = RankLauncher.ofJar().ranks(2).run("--version");

        assertThat(outcome.exitCode()).as(outcome.launcherOutput()).isZero();
        assertThat(outcome.outputs())
                .allSatisfy(output -> assertThat(output).matches("yolo-mpi \\d+\\.\\d+\\.\\d+\\s*"));
    }

    @Test
    void wrongUsageEndsWithStatusTwo() {
        RankOutcome outcome = RankLauncher.ofJar().run("no-such-command");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output(0)).contains("yolo-mpi: ").contains("no-such-command");
    }
}
