package yolompi.ranks;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mpi.MPI;
import mpi.MPIException;
import yolompi.torch.LoadLibTorch;

/**
 * One rank of a {@link RankTeam}: starts MPI and loads LibTorch once, then runs one program after
 * another.
 *
 * <p>Call N is a file in the team's folder. It holds an output folder, a class and its arguments,
 * separated by zero bytes. The program's output goes to {@code RANK.out} in the output folder, its
 * exit status to {@code RANK.status}.
 */
final class RankHost {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Path team;
    private final ProcessHandle tests;

    private RankHost(Path team, ProcessHandle tests) {
        this.team = team;
        this.tests = tests;
    }

    static String call(int number) {
        return number + ".call";
    }

    static String status(int rank) {
        return rank + ".status";
    }

    /**
     * Runs programs until the test process ends.
     *
     * @param args the team's folder, and the process ID of the tests
     */
    public static void main(String[] args) throws IOException, MPIException {
        MPI.InitThread(new String[0], MPI.THREAD_MULTIPLE);
        LoadLibTorch.now();
        RankHost host = new RankHost(
                Path.of(args[0]), ProcessHandle.of(Long.parseLong(args[1])).orElseThrow());
        host.serve(MPI.COMM_WORLD.getRank());
        Runtime.getRuntime().halt(0);
    }

    private void serve(int rank) throws IOException {
        for (int number = 1; awaitFile(team.resolve(call(number))); number++) {
            List<String> words =
                    List.of(Files.readString(team.resolve(call(number))).split("\0", -1));
            Path folder = Path.of(words.get(0));
            int status = run(
                    RankFolder.outputFile(folder, rank),
                    words.get(1),
                    words.subList(2, words.size()).toArray(String[]::new));
            System.gc(); // frees native memory of unreachable Java objects
            RankTeam.write(folder.resolve(status(rank)), Integer.toString(status));
        }
    }

    /** Returns false once the tests have ended. */
    private boolean awaitFile(Path file) {
        while (!Files.exists(file)) {
            if (!tests.isAlive()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /**
     * Runs a class's {@code int run(String[])} or its {@code main}. A program that throws ends this
     * process, as it would end its own.
     */
    private static int run(Path file, String className, String... args) throws IOException {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        try (PrintStream output = new PrintStream(new FileOutputStream(file.toFile()), true, StandardCharsets.UTF_8)) {
            System.setOut(output);
            System.setErr(output);
            return entry(Class.forName(className)).invoke(null, (Object) args) instanceof Integer status ? status : 0;
        } catch (InvocationTargetException e) {
            return end(file, e.getCause());
        } catch (ReflectiveOperationException e) {
            return end(file, e);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private static Method entry(Class<?> program) throws NoSuchMethodException {
        Method entry;
        try {
            entry = program.getDeclaredMethod("run", String[].class);
        } catch (NoSuchMethodException e) {
            entry = program.getDeclaredMethod("main", String[].class);
        }
        entry.setAccessible(true);
        return entry;
    }

    private static int end(Path file, Throwable failure) throws IOException {
        try (PrintStream output =
                new PrintStream(new FileOutputStream(file.toFile(), true), true, StandardCharsets.UTF_8)) {
            failure.printStackTrace(output);
        }
        Runtime.getRuntime().halt(1);
        return 1;
    }
}
