package yolompi.slurm;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests only the job scripts: stubs replace Slurm, Java and the ranks. */
@Tag("program")
class JobScriptsTest {
    private static final Path SCRIPTS = Path.of("slurm").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void onlyTheFirstWarningReachesTheRanks() throws Exception {
        writeStub("mpi/run.sh", """
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
                SLURM_NTASKS=2 run_ranks train || echo "status $?, warned $warned, canceled $canceled"
                """);
        assertThat(output).isEqualTo("told\nstatus 75, warned true, canceled true\n");
    }

    @Test
    void stageOptionOverridesTheFolderOfEnvSh() throws Exception {
        writeStub("mpi/run.sh", "echo \"$*\"");
        assertThat(bash("""
                export YOLOMPI_STAGE=/disk SLURM_NTASKS=2 SLURM_SUBMIT_DIR=$PWD
                mkdir slurm && cp "$SCRIPTS"/{env,job,prologue}.sh slurm
                bash "$SCRIPTS/eval.sbatch" --data d
                bash "$SCRIPTS/eval.sbatch" --stage /other
                bash "$SCRIPTS/train.sbatch" r.toml --stage=/other
                SLURM_RESTART_COUNT=1 bash "$SCRIPTS/train.sbatch" r.toml
                YOLOMPI_STAGE='' bash "$SCRIPTS/eval.sbatch" --data d
                """)).isEqualTo("""
                2 eval --data d --stage /disk
                2 eval --stage /other
                2 train r.toml --stage=/other
                2 train r.toml --resume --stage /disk
                2 eval --data d
                """);
    }

    /** Some clusters require an account: sbatch refuses a job without one. */
    @Test
    void reportJobOfACampaignIsSubmittedLikeItsRuns() throws Exception {
        writeCampaignStubs();
        assertThat(bash("slurm/campaign sweep.toml -A me --qos=short --time=5"))
                .contains("runs 1-3 of", "are job 17", "job 17 compares them");
        assertThat(folder.resolve("submitted"))
                .content()
                .containsPattern("-A me --qos=short --time=5 .*/campaign.sbatch")
                .containsPattern("--dependency=afterany:17 -A me --qos=short .*/campaign-report.sbatch");

        writeStub("bin/sbatch", "[[ $* != *report* ]] || exit 1; echo '18;there'");
        assertThat(bash("slurm/campaign sweep.toml; echo status $?"))
                .contains("are job 18", "sbatch refused the job that compares", "campaign report", "status 0");
        assertThat(folder.resolve("campaigns/sweep/jobs")).hasContent("17\n18;there");
    }

    @Test
    void continuedCampaignSkipsQueuedRuns() throws Exception {
        writeCampaignStubs();
        Files.createDirectories(folder.resolve("made"));
        Files.writeString(folder.resolve("made/jobs"), "17\n18;there\n");
        writeStub("bin/squeue", "printf '%s\\n' '5 1' '17 3' '17 2' '170 1'");
        assertThat(bash("slurm/campaign --continue made"))
                .contains("skipped, because they wait or run already: runs 2,3 of", "runs without 2,3 of");

        writeStub("bin/squeue", "exit 1");
        Files.delete(folder.resolve("submitted"));
        assertThat(bash("slurm/campaign --continue made")).contains("squeue cannot tell which runs of");
        assertThat(folder.resolve("submitted")).doesNotExist();
    }

    @Test
    void envShOfTheLoginNodeDoesNotReachCampaignJobs() throws Exception {
        writeCampaignStubs();
        Files.writeString(folder.resolve("slurm/env.sh"), """
                export YOLOMPI_STAGE=${YOLOMPI_STAGE:-$SLURM_TMPDIR}
                export YOLOMPI_LAUNCHER=${YOLOMPI_LAUNCHER:-mpirun}
                """);
        writeStub("bin/sbatch", "echo 17; env | grep -E '^(YOLOMPI_|SLURM_TMPDIR)' | grep -v HOME >>inherited || true");
        assertThat(bash("YOLOMPI_LAUNCHER=srun slurm/campaign sweep.toml")).contains("are job 17");
        assertThat(folder.resolve("inherited")).hasContent("YOLOMPI_LAUNCHER=srun\nYOLOMPI_LAUNCHER=srun");
    }

    private void writeCampaignStubs() throws IOException {
        Files.createDirectories(folder.resolve("slurm"));
        for (String script : List.of("campaign", "env.sh")) {
            Files.copy(SCRIPTS.resolve(script), folder.resolve("slurm").resolve(script), COPY_ATTRIBUTES);
        }
        writeStub("bin/java", """
                while [[ $1 != campaign ]]; do shift; done
                case "$2 $#" in
                  pending*5) echo "$4 $5" | tr -d - ;;
                  pending*) echo 1-3 ;;
                  plan*) mkdir -p "$5" ;;
                esac
                """);
        writeStub("bin/sbatch", "echo \"$*\" >>submitted; echo 17");
        writeStub("bin/squeue", "");
    }

    /** Writes a shell script with these lines. */
    private void writeStub(String name, String lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\nset -euo pipefail\n" + lines);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /**
     * Runs the lines in the folder, with its {@code bin} first in PATH; returns output and errors.
     */
    private String bash(String lines) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "set -euo pipefail\n" + lines)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(SLURM|SBATCH|YOLOMPI)_.*"));
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("SCRIPTS", SCRIPTS.toString());
        builder.environment().put("YOLOMPI_HOME", folder.toString());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
