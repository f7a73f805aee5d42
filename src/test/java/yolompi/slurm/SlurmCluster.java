package yolompi.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A real Slurm cluster of two nodes on this machine, started with {@code slurm/local-cluster.sh}.
 * Tests that use it are skipped with a reason if Slurm is missing or can't be started.
 */
final class SlurmCluster implements AutoCloseable {
    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final String SCRIPT = HOME.resolve("slurm/local-cluster.sh").toString();
    private static final Duration POLL = Duration.ofMillis(200);

    /** Exit status and output of a program, including errors. */
    record Output(int status, String text) {}

    private final Path state;
    private final Path work;

    private SlurmCluster(Path state, Path work) {
        this.state = state;
        this.work = work;
    }

    /**
     * Starts the cluster.
     *
     * @param folder folder for its state, from which jobs are submitted
     */
    static SlurmCluster up(Path folder) {
        for (String program : List.of("slurmctld", "slurmd", "munged", "mpirun")) {
            assumeTrue(
                    isInstalled(program),
                    program
                            + " is not installed: apt-get install slurm-wlm munge (Debian), or let mpi/verify.sh install it;"
                            + " mpi/setup.sh installs mpirun");
        }
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "needs root to start slurmd: run mpi/verify.sh as root, for example in a container");
        SlurmCluster cluster = new SlurmCluster(folder.resolve("slurm"), folder);
        // Munge needs a socket that all users can reach.
        cluster.run("chmod", "755", folder.toString());
        // A step may take long on a busy machine, and a canceled job saves after it.
        Output up = cluster.run(
                SCRIPT, "up", cluster.state.toString(), "--port", Integer.toString(freePorts()), "--kill-wait", "600");
        assumeTrue(
                !up.text.contains("allows no UTS namespaces"),
                "needs UTS namespaces: run mpi/verify.sh in a container started with --cap-add SYS_ADMIN; " + up.text);
        assertThat(up.status).as(up.text).isZero();
        return cluster;
    }

    private static boolean isInstalled(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static int freePorts() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Math.min(socket.getLocalPort(), 65_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program in the folder of the jobs, like a user of the cluster. */
    Output run(String... command) {
        return run(Map.of(), command);
    }

    /** As {@code run}, with additional environment variables. */
    Output run(Map<String, String> environment, String... command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        // A job inherits the environment of its submission.
        builder.environment()
                .putAll(Map.of(
                        "SLURM_CONF",
                        state.resolve("slurm.conf").toString(),
                        "YOLOMPI_HOME",
                        HOME.toString(),
                        "YOLOMPI_JAVA_ARGS",
                        "-XX:TieredStopAtLevel=1", // ranks start sooner
                        // The nodes claim more cores than exist, so waiting ranks must not spin.
                        "OMPI_MCA_mpi_yield_when_idle",
                        "1",
                        "OMPI_ALLOW_RUN_AS_ROOT",
                        "1",
                        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM",
                        "1"));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Submits a script of {@code slurm/} for two nodes with two ranks each. */
    Job submit(Map<String, String> environment, String script, String... arguments) {
        return submit(environment, List.of(), script, arguments);
    }

    /** As above, with options for sbatch that override the defaults. */
    Job submit(Map<String, String> environment, List<String> options, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "sbatch", "--parsable", "--nodes=2", "--ntasks-per-node=2", "--cpus-per-task=1", "--mem-per-cpu=1G"));
        command.addAll(options);
        command.add(HOME.resolve("slurm").resolve(script).toString());
        command.addAll(List.of(arguments));
        Output output = run(environment, command.toArray(String[]::new));
        assertThat(output.status).as(output.text).isZero();
        return new Job(output.text.strip());
    }

    /** A job that was submitted otherwise, or a task of an array ({@code 17_2}). */
    Job job(String id) {
        return new Job(id);
    }

    /** A job with its number. */
    final class Job {
        private final String id;

        private Job(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }

        /** The state of the job, such as RUNNING or COMPLETED. */
        String state() {
            String shown = shown();
            return Stream.of(shown.split("\\s+"))
                    .filter(word -> word.startsWith("JobState="))
                    .map(word -> word.substring("JobState=".length()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no job " + id + ": " + shown));
        }

        /** The output of scontrol, such as {@code JobId=17 … JobState=RUNNING …}. */
        String shown() {
            return run("scontrol", "show", "job", "--oneliner", id).text;
        }

        /** The output of the job. */
        String output() {
            try (Stream<Path> files = Files.list(work)) {
                Path file = files.filter(path -> path.toString().endsWith("-" + id + ".out"))
                        .findFirst()
                        .orElse(work.resolve("none"));
                return read(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Job await(String wanted, Duration limit) {
            waitUntil(
                    () -> state().equals(wanted) || isOver(state()),
                    limit,
                    () -> "job " + id + " is " + state() + ", expected " + wanted + "\n" + output());
            assertThat(state()).as(output()).isEqualTo(wanted);
            return this;
        }

        private boolean isOver(String state) {
            return List.of("COMPLETED", "FAILED", "TIMEOUT", "CANCELLED", "OUT_OF_MEMORY")
                    .contains(state);
        }
    }

    /** Waits until a file contains a text at least the given number of times. */
    void awaitText(Path file, String text, int times, Duration limit) {
        waitUntil(
                () -> read(file).split(text, -1).length > times,
                limit,
                () -> file + ": found no " + text + "; its content:\n" + read(file));
    }

    private static void waitUntil(BooleanSupplier condition, Duration limit, Supplier<String> what) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + limit.toSeconds() + " s without success: " + what.get());
            }
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void fail(String node) {
        Output output = run(SCRIPT, "fail", state.toString(), node);
        assertThat(output.status).as(output.text).isZero();
    }

    void repair(String node) {
        Output output = run(SCRIPT, "repair", state.toString(), node);
        assertThat(output.status).as(output.text).isZero();
    }

    /** Processes of this program that run jobs of a folder. */
    List<String> ranks() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains("yolo-mpi.jar") && line.contains(work.toString()))
                .toList();
    }

    /** Waits until these processes have ended. */
    void awaitNoRanks(Duration limit) {
        waitUntil(() -> ranks().isEmpty(), limit, () -> "left: " + ranks());
    }

    @Override
    public void close() {
        Output output = run(SCRIPT, "down", state.toString());
        assertThat(output.status).as(output.text).isZero();
    }
}
