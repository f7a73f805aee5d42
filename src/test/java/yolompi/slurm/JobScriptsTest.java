package yolompi.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the job scripts do by themselves: stand-ins take the place of Slurm, Java and the ranks. */
class JobScriptsTest {
    private static final Path SCRIPTS = Path.of("slurm").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void ofTwoWarningsOnlyTheFirstReachesTheRanks() throws Exception {
        standIn("mpi/run.sh", """
                trap 'echo told' USR1
                : >ready
                until [[ -e done ]]; do sleep 0.02; done
                exit 75
                """);
        String output = bash("""
                source "$SCRIPTS/job.sh"
                {
                  until [[ -e ready ]]; do sleep 0.02; done
                  for signal in USR1 TERM USR1; do kill -$signal $$; sleep 0.2; done
                  : >done
                } &
                SLURM_NTASKS=2 run_ranks train || echo "status $?, warned $warned, cancelled $cancelled"
                """);
        assertThat(output).isEqualTo("told\nstatus 75, warned true, cancelled true\n");
    }

    /** A program of the folder that does what these lines say. */
    private void standIn(String name, String lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\nset -euo pipefail\n" + lines);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** What the lines print, errors too; run in the folder, with its {@code bin} before all other programs. */
    private String bash(String lines) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "set -euo pipefail\n" + lines)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(SLURM|SBATCH|YOLOMPI)_.*"));
        builder.environment().put("SCRIPTS", SCRIPTS.toString());
        builder.environment().put("YOLOMPI_HOME", folder.toString());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
