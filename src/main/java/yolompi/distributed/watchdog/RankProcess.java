package yolompi.distributed.watchdog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import yolompi.io.TextFields;

/**
 * Process of a rank, as other processes on the same machine see it.
 *
 * @param machine identifies the machine and the PID namespace (container); empty if unknown
 * @param started start time in the kernel's unit; it detects that another process has reused the
 *     PID
 */
public record RankProcess(String machine, long pid, String started) {
    enum State {
        RUNNING,
        /** By SIGSTOP or a debugger. */
        STOPPED,
        GONE,
        /** On another machine, where only its messages are visible. */
        ELSEWHERE
    }

    /** Fields of {@code /proc/PID/stat}. */
    private record Stat(char state, String started) {}

    public static RankProcess own() {
        long pid = ProcessHandle.current().pid();
        try {
            String machine =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
                            + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
            return new RankProcess(machine, pid, stat(pid).map(Stat::started).orElse(""));
        } catch (IOException | UnsupportedOperationException e) {
            return new RankProcess("", pid, "");
        }
    }

    public String encode() {
        return TextFields.join(machine, pid, started);
    }

    public static RankProcess decode(String text) {
        List<String> fields = TextFields.split(text, 3);
        return new RankProcess(fields.get(0), Long.parseLong(fields.get(1)), fields.get(2));
    }

    /** Current state, as {@code observer} can see it. */
    State seenFrom(RankProcess observer) {
        if (machine.isEmpty() || !machine.equals(observer.machine)) {
            return State.ELSEWHERE;
        }
        Optional<Stat> stat = stat(pid).filter(found -> found.started.equals(started));
        if (stat.isEmpty()) {
            return State.GONE;
        }
        return switch (stat.get().state) {
            case 'T', 't' -> State.STOPPED;
            case 'Z', 'X' -> State.GONE; // a zombie: dead, but its parent has not reaped it yet
            default -> State.RUNNING;
        };
    }

    /** Empty if there is no such process. */
    private static Optional<Stat> stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The command name is in parentheses and may contain spaces.
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(new Stat(fields[0].charAt(0), fields[19]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
