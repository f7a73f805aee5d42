package yolompi.report.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Detects whether stderr is a terminal. Java only tells whether both stdin and stdout are. */
public final class Terminal {
    private static final Set<String> LAUNCHERS = Set.of("mpirun", "mpiexec", "orterun", "prterun");

    private Terminal() {}

    /**
     * Whether stderr of this process appears on a terminal: directly, or through its parent
     * {@code mpirun}, which forwards the bytes unchanged. False if that is unknown.
     */
    public static boolean showsStandardError() {
        String own = standardErrorOf("self");
        return isTerminal(own) || (own.startsWith("pipe:") && launcherHasTerminal());
    }

    private static boolean launcherHasTerminal() {
        return ProcessHandle.current()
                .parent()
                .map(parent -> Long.toString(parent.pid()))
                .filter(pid -> LAUNCHERS.contains(commandOf(pid)))
                .filter(pid -> isTerminal(standardErrorOf(pid)))
                .isPresent();
    }

    static boolean isTerminal(String target) {
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    private static String standardErrorOf(String pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", pid, "fd", "2")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static String commandOf(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
