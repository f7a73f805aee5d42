package yolompi.ranks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts real ranks under {@code mpirun} on this machine, with a time limit. Tests that use it are
 * skipped, with the reason, if {@code mpirun} is missing.
 *
 * <pre>{@code
 * RankOutcome outcome = RankLauncher.ofMain(Probe.class).ranks(2).run("some", "arguments");
 * assertThat(outcome.exitCode()).isZero();
 * }</pre>
 */
public final class RankLauncher {
    /**
     * Runs in each rank: writes its process ID, and redirects its output to its own file, so that
     * the lines of ranks do not mix.
     */
    private static final String PER_RANK_FILES =
            "echo $$ > \"$0/$OMPI_COMM_WORLD_RANK.pid\"; exec \"$@\" > \"$0/$OMPI_COMM_WORLD_RANK.out\" 2>&1";

    private final String main;
    private final List<String> program;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> wrapping = new ArrayList<>();
    private final List<String> jvmFlags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    private int ranks = 1;
    private Duration timeLimit = Duration.ofMinutes(10);
    private boolean ownProcesses;

    private RankLauncher(String main, List<String> program) {
        this.main = main;
        this.program = program;
        // mpirun requires both to run as root; they have no effect for other users.
        environment.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        environment.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        // UCX handles SIGSEGV, which the JVM needs.
        environment.put("OMPI_MCA_pml", "ob1");
        environment.put("OMPI_MCA_btl", "self,vader,tcp");
        environment.put("OMP_NUM_THREADS", "1");
        // Other programs share the cores: a rank that waits must not spin.
        environment.put("OMPI_MCA_mpi_yield_when_idle", "1");
    }

    /** Ranks that run {@code main}, with the class path of the test. */
    public static RankLauncher ofMain(Class<?> main) {
        return new RankLauncher(main.getName(), List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    }

    /**
     * Ranks that run the built {@code target/yolo-mpi.jar}, for integration tests after packaging.
     */
    public static RankLauncher ofJar() {
        Path jar = Path.of("target", "yolo-mpi.jar").toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new AssertionError(
                    jar + " does not exist: build it first (mvn package), or run the test with mvn verify");
        }
        return new RankLauncher("yolo-mpi.jar", List.of("-jar", jar.toString())).inOwnProcesses();
    }

    public RankLauncher ranks(int count) {
        ranks = count;
        return this;
    }

    /**
     * Time limit for the end of the last rank. At the limit all ranks are killed and the test
     * fails. The default, ten minutes, only ends a hang.
     */
    public RankLauncher within(Duration limit) {
        timeLimit = limit;
        return this;
    }

    /**
     * Makes {@link #run} start new processes, as {@link #start} does, for tests of starting and
     * ending.
     */
    public RankLauncher inOwnProcesses() {
        ownProcesses = true;
        return this;
    }

    public RankLauncher jvmFlags(String... flags) {
        jvmFlags.addAll(List.of(flags));
        return inOwnProcesses();
    }

    /**
     * Gives each rank its own host name (node0, node1, …) in the kernel, and so in MPI. Needs root.
     */
    public RankLauncher eachOnItsOwnHost() {
        return under("unshare", "--uts", "sh", "-c", "hostname node$OMPI_COMM_WORLD_RANK; exec \"$0\" \"$@\"");
    }

    /** Adds words before each rank's {@code java}, such as a shell that changes its environment. */
    public RankLauncher under(String... command) {
        wrapping.addAll(List.of(command));
        return inOwnProcesses();
    }

    public RankLauncher environment(String name, String value) {
        environment.put(name, value);
        return inOwnProcesses();
    }

    /**
     * Runs the program to its end in the ranks of a {@link RankTeam}, which have run other programs
     * before. Starts new processes if flags, environment or {@link #inOwnProcesses} ask for them.
     */
    public RankOutcome run(String... args) {
        if (!ownProcesses) {
            assumeMpirun();
            return RankTeam.run(new RankFolder(RankLogs.newFolder(simpleName()), ranks), main, timeLimit, args);
        }
        try (RankJob job = start(args)) {
            return job.await();
        }
    }

    /** Starts the ranks, for a test that watches, signals or kills them while they run. */
    public RankJob start(String... args) {
        assumeMpirun();
        try {
            return startIn(RankLogs.newFolder(simpleName()), args);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RankJob startIn(Path path, String... args) throws IOException {
        RankFolder folder = new RankFolder(path, ranks);
        ProcessBuilder builder = new ProcessBuilder(command(path, args));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(folder.launcherFile().toFile());
        return new RankJob(builder.start(), folder, timeLimit);
    }

    private List<String> command(Path folder, String... args) {
        Stream<String> mpirun =
                Stream.of("mpirun", "-np", Integer.toString(ranks), "--oversubscribe", "--bind-to", "none");
        Stream<String> rank = Stream.of("sh", "-c", PER_RANK_FILES, folder.toString());
        return Stream.of(
                        mpirun,
                        rank,
                        wrapping.stream(),
                        Stream.of(java()),
                        jvmFlags.stream(),
                        program.stream(),
                        Stream.of(args))
                .flatMap(part -> part)
                .toList();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String simpleName() {
        return main.substring(main.lastIndexOf('.') + 1);
    }

    private static void assumeMpirun() {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mpirun")));
        assumeTrue(found, "mpirun is not on the PATH: mpi/setup.sh installs Open MPI");
    }
}
