package yolompi.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process of a rank as others on the same machine can see it.
 *
 * @param machine tells machines, and containers with process numbers of their own, apart; empty where that can't be known
 * @param started when it started, in the kernel's own unit: a later process may get the same number
 */
record RankProcess(String machine, long pid, String started) {
    enum State {
        RUNNING,
        /** By SIGSTOP, or by a debugger. */
        STOPPED,
        GONE,
        /** On another machine: its messages are all that is seen of it. */
        ELSEWHERE
    }

    /** What the kernel tells of a process in a line. */
    private record Stat(char state, String started) {}

    static RankProcess own() {
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

    String encode() {
        return machine + " " + pid + " " + started;
    }

    static RankProcess decode(String text) {
        String[] parts = text.split(" ", -1);
        return new RankProcess(parts[0], Long.parseLong(parts[1]), parts[2]);
    }

    /** How it is now, seen from {@code observer}. */
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
            case 'Z', 'X' -> State.GONE; // dead, but its parent has not looked yet
            default -> State.RUNNING;
        };
    }

    /** Empty where there is no such process. */
    private static Optional<Stat> stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The command's name, in brackets, may hold blanks.
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(new Stat(fields[0].charAt(0), fields[19]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
