package yolompi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("program")
class ScriptsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final List<String> SOURCED = List.of(
            "setup-parts.sh", "bundle-parts.sh", "bundle-env.sh", "env.sh", "job.sh", "prologue.sh", "steps.sh");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("scripts")
    void bashParsesTheScript(Path script) throws Exception {
        assertThat(outputOf("bash", "-n", script.toString())).isEqualTo(new Output(0, ""));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shellcheckReportsNothing(Path script) throws Exception {
        assumeTrue(
                isInstalled("shellcheck"),
                "shellcheck is not installed: apt-get install shellcheck, or let mpi/verify.sh install it");
        assertThat(outputOf("shellcheck", script.toString())).isEqualTo(new Output(0, ""));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void scriptIsExecutableAndStopsAtTheFirstError(Path script) throws IOException {
        assertThat(Files.isExecutable(script)).as("executable").isEqualTo(isCalledByUsers(script));
        assertThat(Files.readString(script)).startsWith("#!/usr/bin/env bash").contains("set -euo pipefail");
    }

    @Test
    void continuousIntegrationOnlyCallsVerify() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve(".ci/run")))
                .filteredOn(line -> !line.startsWith("#") && !line.isBlank())
                .containsExactly("exec \"$(dirname \"$0\")/../mpi/verify.sh\"");
    }

    @ParameterizedTest
    @MethodSource("scriptsForUsers")
    void helpOptionOnlyPrintsTheUsage(Path script) throws Exception {
        for (String option : List.of("-h", "--help")) {
            Output output = outputOf(script.toString(), option);
            assertThat(output.status()).isZero();
            assertThat(output.text())
                    .startsWith("usage: ")
                    .contains(script.getFileName().toString(), "example:\n", "-h, --help")
                    .doesNotContain("==");
        }
    }

    @ParameterizedTest
    @MethodSource("scriptsForUsers")
    void wrongUsageIsOneLineThatNamesHelp(Path script) throws Exception {
        Output output = outputOf(script.toString(), "--no-such-option");
        assertThat(output.status()).isEqualTo(2);
        assertThat(output.text())
                .startsWith(script.getFileName() + ": ")
                .containsPattern("; see .*" + script.getFileName() + " --help\\n$")
                .hasLineCount(1);
    }

    @Test
    void wrongNumberOfRanksIsRejected() throws Exception {
        Output output = outputOf("mpi/run.sh", "two", "train");
        assertThat(output.status()).isEqualTo(2);
        assertThat(output.text()).contains("NP: found 'two', expected a number of ranks");
    }

    @Test
    void jobSubmittedFromAnotherFolderSaysWhatIsMissing() throws Exception {
        for (Path script : jobScripts()) {
            Output output =
                    outputOf("env", "SLURM_SUBMIT_DIR=" + folder, "YOLOMPI_HOME=", "bash", script.toString(), "a");
            assertThat(output.status()).isEqualTo(1);
            assertThat(output.text())
                    .contains("found no " + folder + "/slurm/prologue.sh", "export YOLOMPI_HOME=FOLDER");
        }
    }

    @ParameterizedTest
    @MethodSource("jobScripts")
    void jobScriptPrintsItsUsage(Path script) throws Exception {
        Output help = outputOf("bash", script.toString(), "--help");
        assertThat(help.status()).isZero();
        assertThat(help.text())
                .startsWith("usage: sbatch slurm/" + script.getFileName())
                .contains("example:\n");
        Output outsideAJob = outputOf("env", "-u", "SLURM_SUBMIT_DIR", "bash", script.toString(), "a");
        assertThat(outsideAJob.status()).isEqualTo(2);
        assertThat(outsideAJob.text())
                .startsWith(script.getFileName() + ": ")
                .endsWith("see bash slurm/" + script.getFileName() + " --help\n")
                .hasLineCount(1);
    }

    @Test
    void setupNamesTheMissingJar() throws Exception {
        Output output = outputOf("mpi/setup.sh", "--mpi-jar", "nowhere/mpi.jar");
        assertThat(output.status()).isEqualTo(2);
        assertThat(output.text()).contains("--mpi-jar nowhere/mpi.jar: no such file");
    }

    @Test
    void nvidiaLibrariesAreFoundOrReportedWithTheirWheel() throws Exception {
        Path script = copyWithoutTheMachinesLibraries("mpi/gpu/nvidia.sh");
        Path wheels = Files.createDirectories(folder.resolve("nvidia/cu13/lib"));
        Files.createFile(wheels.resolve("libcublas.so.13"));
        Files.createFile(wheels.resolve("libcufft.so.11"));
        Output output = outputOf(
                "env",
                "-u",
                "LD_LIBRARY_PATH",
                "-u",
                "CUDA_HOME",
                "PATH=" + folder.resolve("bin") + ":" + System.getenv("PATH"),
                "bash",
                script.toString(),
                "--nvidia-wheels",
                folder.toString());
        assertThat(folder.resolve("target/nvidia-libraries")).content().isEqualTo(wheels + "\n");
        assertThat(output.status()).isEqualTo(1);
        assertThat(output.text())
                .containsPattern("libcublas.so.13 +" + wheels)
                .containsPattern(
                        "libcufft.so.12 +MISSING \\(" + wheels + " has libcufft.so.11, which is another version\\)")
                .contains("pip install nvidia-cufft", "mpi/gpu/nvidia.sh --nvidia-wheels DIR");
    }

    /**
     * Copies the script, with an empty folder for the system's, and without ldconfig and python3.
     */
    private Path copyWithoutTheMachinesLibraries(String script) throws IOException {
        for (String program : List.of("ldconfig", "python3")) {
            Path standIn = Files.createDirectories(folder.resolve("bin")).resolve(program);
            Files.writeString(standIn, "#!/bin/sh\nexit 1\n");
            Files.setPosixFilePermissions(standIn, PosixFilePermissions.fromString("rwx------"));
        }
        Path copy = folder.resolve(script);
        Files.createDirectories(copy.getParent());
        String text = Files.readString(ROOT.resolve(script));
        return Files.writeString(copy, text.replace(" /usr/", " " + folder.resolve("usr") + "/"));
    }

    @Test
    void invalidBundleOptionsAreRejected() throws Exception {
        assertThat(outputOf("mpi/bundle/bundle.sh", "--gpu", "hopper").text())
                .contains("expected a compute capability such as sm_90");
        assertThat(outputOf("mpi/bundle/bundle.sh", "--split", "0").text())
                .contains("--split 0: expected a number of MiB");
    }

    @Test
    void damagedBundlePartsAreNotUnpacked() throws Exception {
        Files.copy(ROOT.resolve("mpi/bundle/unbundle.sh"), folder.resolve("unbundle.sh"));
        Files.writeString(folder.resolve("yolo-mpi.tar.xz.001"), "a part");
        Files.writeString(folder.resolve("SHA256SUMS"), "0".repeat(64) + "  yolo-mpi.tar.xz.001\n");
        Output output = outputOf(
                "bash",
                folder.resolve("unbundle.sh").toString(),
                folder.resolve("there").toString());
        assertThat(output.status()).isEqualTo(1);
        assertThat(output.text()).contains("differ from SHA256SUMS; copy them again");
        assertThat(folder.resolve("there")).isEmptyDirectory();
    }

    @Test
    void partsOfAnOlderBundleAreIgnored() throws Exception {
        assumeTrue(isInstalled("xz"), "xz is not installed: apt-get install xz-utils");
        Files.copy(ROOT.resolve("mpi/bundle/unbundle.sh"), folder.resolve("unbundle.sh"));
        Output output = outputOf("bash", "-c", """
                set -euo pipefail
                cd "$0" && mkdir -p yolo-mpi/mpi
                for version in old new; do
                  printf '#!/bin/sh\necho the %s one\n' $version >yolo-mpi/mpi/run.sh && chmod +x yolo-mpi/mpi/run.sh
                  tar -cJf $version.tar.xz yolo-mpi
                done
                cp old.tar.xz yolo-mpi.tar.xz && split --number=2 --numeric-suffixes=1 new.tar.xz yolo-mpi.tar.xz.
                echo older >yolo-mpi.tar.xz.03
                sha256sum yolo-mpi.tar.xz.01 yolo-mpi.tar.xz.02 >SHA256SUMS
                bash unbundle.sh there
                """, folder.toString());
        assertThat(output.text()).contains("the new one");
        assertThat(output.status()).isZero();
    }

    @Test
    void bundleDrawsAndPacksADataSetWithItsOwnJava() throws Exception {
        Output output = outputOf("bash", "-c", """
                set -euo pipefail
                root=$PWD
                cd "$0" && mkdir -p src target bin
                cp -r "$root"/{mpi,slurm,data-prep,.github,README.md,CHANGES.md,LICENSE,THIRD-PARTY-LICENSES.md} .
                cp -r "$root"/src/{recipes,sweeps,docs} src
                touch target/yolo-mpi.jar
                bundle=$PWD/bundle && source mpi/bundle/bundle-parts.sh && copy_program
                printf '#!/bin/sh\necho its own Java: "$3"\n' >bin/java && chmod +x bin/java
                echo "PATH=$PWD/bin:\\$PATH" >bundle/env.sh
                bundle/data-prep/shapes.sh drawn
                """, folder.toString());
        assertThat(output.text())
                .contains("its own Java: shapes", "its own Java: pack")
                .contains(folder.resolve("bundle/mpi/run.sh") + " 1 check RECIPE.toml");
        assertThat(output.status()).isZero();
    }

    @Test
    void libraryAtAPathWithASpaceIsNotPreloaded() throws Exception {
        Output output = outputOf("bash", "-c", """
                set -euo pipefail
                mkdir -p "$0/a home"/{mpi,lib,target} "$0/bin"
                cp mpi/run.sh "$0/a home/mpi"
                touch "$0/a home"/{target/yolo-mpi.jar,lib/libtcmalloc_minimal.so.4}
                printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >"$0/bin/mpirun" && chmod +x "$0/bin/mpirun"
                PATH=$0/bin:$PATH "$0/a home/mpi/run.sh" 1 train
                """, folder.toString());
        assertThat(output.text().lines().toList())
                .contains(folder.resolve("a home/target/yolo-mpi.jar").toString())
                .noneMatch(line -> line.startsWith("LD_PRELOAD=" + folder));
        assertThat(output.status()).isZero();
    }

    @Test
    void localClusterLeavesAForeignFolderUnchanged() throws Exception {
        Path full = Files.createDirectories(folder.resolve("full/private")).getParent();
        Files.setPosixFilePermissions(full.resolve("private"), PosixFilePermissions.fromString("rwx------"));
        Output output = outputOf("slurm/local-cluster.sh", "up", full.toString());
        assertThat(output.text()).contains("found files of something else", "choose another");
        assertThat(output.status()).isEqualTo(1);
        assertThat(full).isDirectoryNotContaining("glob:**/slurm.conf");
        assertThat(Files.getPosixFilePermissions(full.resolve("private"))).hasSize(3);

        Output blank = outputOf(
                "slurm/local-cluster.sh", "up", folder.resolve("a blank").toString());
        assertThat(blank.text()).contains("found a space");
        assertThat(folder.resolve("a blank")).doesNotExist();
    }

    static List<Path> scripts() throws IOException {
        List<Path> scripts = new ArrayList<>();
        for (String folder : List.of("mpi", "slurm", "data-prep")) {
            if (Files.isDirectory(ROOT.resolve(folder))) {
                try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                    files.filter(file -> file.toString().matches(".*(\\.(sh|sbatch)|/campaign)"))
                            .sorted()
                            .forEach(scripts::add);
                }
            }
        }
        return scripts;
    }

    static List<Path> scriptsForUsers() throws IOException {
        return scripts().stream().filter(ScriptsTest::isCalledByUsers).toList();
    }

    static List<Path> jobScripts() throws IOException {
        return scripts().stream()
                .filter(script -> script.toString().endsWith(".sbatch"))
                .toList();
    }

    /** Returns whether people call the script: others source it, or sbatch runs it. */
    private static boolean isCalledByUsers(Path script) {
        return !script.toString().endsWith(".sbatch") && SOURCED.stream().noneMatch(script::endsWith);
    }

    private record Output(int status, String text) {}

    private static Output outputOf(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
