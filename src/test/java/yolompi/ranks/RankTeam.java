package yolompi.ranks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ranks that run many programs: one job of {@link RankHost}s for each number of ranks.
 *
 * <p>Starting ranks takes seconds, a call takes almost no time. A program that ends its process
 * ends the team, as it would end its job. The next call starts a new team.
 */
final class RankTeam {
    private static final Map<Integer, RankTeam> TEAMS = new ConcurrentHashMap<>();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> TEAMS.values().forEach(RankTeam::end), "end of the ranks"));
    }

    private final RankJob job;
    private int calls;

    private RankTeam(RankJob job) {
        this.job = job;
    }

    /** Runs a program on the folder's number of ranks. At the limit it kills the team and fails. */
    static synchronized RankOutcome run(RankFolder folder, String program, Duration limit, String... args) {
        endIfDead(folder); // a rank may have died after its last program
        RankTeam team = TEAMS.computeIfAbsent(folder.ranks(), RankTeam::start);
        try {
            return team.call(folder, program, limit, args);
        } finally {
            endIfDead(folder);
        }
    }

    /**
     * Keeps the output of the processes themselves, such as a crash report, with the output of the
     * program that they ran.
     */
    private static void endIfDead(RankFolder folder) {
        RankTeam team = TEAMS.get(folder.ranks());
        if (team != null && !team.job.launcher().isAlive()) {
            team.job.folder().copyTo(folder.path().resolve("processes"));
            TEAMS.remove(folder.ranks());
            team.end();
        }
    }

    private static RankTeam start(int ranks) {
        try {
            Path folder = Files.createTempDirectory("yolompi-ranks-");
            return new RankTeam(RankLauncher.ofMain(RankHost.class)
                    .ranks(ranks)
                    .jvmFlags(
                            "-Dorg.bytedeco.javacpp.maxbytes=0",
                            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                            "-XX:ErrorFile=" + folder.resolve("crash-%p.out"))
                    .startIn(
                            folder,
                            folder.toString(),
                            Long.toString(ProcessHandle.current().pid())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        job.close();
        RankLogs.delete(job.folder().path());
    }

    private RankOutcome call(RankFolder folder, String program, Duration limit, String... args) {
        calls++;
        write(
                job.folder().path().resolve(RankHost.call(calls)),
                String.join("\0", list(folder.path().toString(), program, args)));
        job.waitUntil(
                () -> statuses(folder).allMatch(status -> !status.isEmpty()),
                "for " + program + " " + List.of(args) + " to end",
                new RankJob.TimeLimit(limit),
                folder);
        boolean ended = statuses(folder).noneMatch(String::isEmpty);
        return ended
                ? new RankOutcome(firstFailure(folder), folder.outputs(), "")
                : new RankOutcome(
                        job.await().exitCode(), folder.outputs(), job.await().launcherOutput());
    }

    private static List<String> list(String folder, String program, String... args) {
        return Stream.concat(Stream.of(folder, program), Stream.of(args)).toList();
    }

    /** What each rank has written as its exit status; empty while it runs. */
    private static Stream<String> statuses(RankFolder folder) {
        return IntStream.range(0, folder.ranks())
                .mapToObj(rank -> RankFolder.read(folder.path().resolve(RankHost.status(rank))));
    }

    private static int firstFailure(RankFolder folder) {
        return statuses(folder)
                .mapToInt(Integer::parseInt)
                .filter(status -> status != 0)
                .findFirst()
                .orElse(0);
    }

    /** Writes atomically: a reader sees the whole file or none. */
    static void write(Path file, String text) {
        try {
            Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), text);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
