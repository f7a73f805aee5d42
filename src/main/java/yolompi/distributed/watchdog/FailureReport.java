package yolompi.distributed.watchdog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import yolompi.recipe.IntegerRanges;

/** Formats a failure report: who failed, who waited, and how to continue. */
final class FailureReport {
    private FailureReport() {}

    static String of(FailureDiagnosis verdict) {
        List<String> lines = new ArrayList<>();
        verdict.failedRanks().forEach(rank -> lines.add("yolo-mpi: " + culprit(verdict.reason(), rank)));
        if (verdict.failedRanks().isEmpty()) {
            double seconds = verdict.others().stream()
                    .mapToDouble(PeerState::sameFor)
                    .min()
                    .orElse(0);
            lines.add("yolo-mpi: deadlock: all ranks have been waiting for each other for " + seconds(seconds));
        }
        group("waiting", verdict.others().stream().filter(rank -> !rank.works()))
                .forEach(lines::add);
        group("working", verdict.others().stream().filter(PeerState::works)).forEach(lines::add);
        lines.add("  the job ends"
                + (trained(verdict)
                        ? "; run the same command with --resume to continue from the last checkpoint"
                        : ""));
        return String.join("\n", lines);
    }

    private static String culprit(FailureDiagnosis.Reason reason, PeerState rank) {
        String what =
                switch (reason) {
                    case DIED -> "died";
                    case TOLD_TO_END -> "received SIGTERM";
                    case FAILED -> "failed";
                    case STOPPED -> stopped(rank);
                    case SILENT -> "has not responded for " + seconds(rank.silentFor());
                    case HANGS, ALL_WAIT -> rank.stoppedFor() > 0 ? stopped(rank) : "hangs";
                };
        String step = rank.doing().step() > 0 ? ", in step " + rank.doing().step() : "";
        String waits = rank.doing().waits() ? ", waiting for all ranks" : "";
        return "%s %s%s, %s for %s%s%s"
                .formatted(
                        rank.name(),
                        what,
                        step,
                        rank.doing().activity(),
                        seconds(rank.sameFor()),
                        waits,
                        rank.failure().map(message -> ": " + message).orElse(""));
    }

    private static String stopped(PeerState rank) {
        return "has been stopped (SIGSTOP, or a debugger) for " + seconds(rank.stoppedFor());
    }

    private static boolean trained(FailureDiagnosis verdict) {
        return Stream.concat(verdict.failedRanks().stream(), verdict.others().stream())
                .anyMatch(rank -> rank.doing().step() > 0);
    }

    /** One line for all ranks that do the same. */
    private static List<String> group(String title, Stream<PeerState> ranks) {
        Map<String, List<Integer>> byWords = new LinkedHashMap<>();
        ranks.forEach(rank -> byWords.computeIfAbsent(rank.doing().describe(), words -> new ArrayList<>())
                .add(rank.rank()));
        return byWords.entrySet().stream()
                .map(entry -> "  %s: %s (%s)".formatted(title, ranges(entry.getValue()), entry.getKey()))
                .toList();
    }

    /** Formats ascending ranks: {@code rank 3}, or {@code ranks 0, 2-7}. */
    static String ranges(List<Integer> ranks) {
        return (ranks.size() == 1 ? "rank " : "ranks ") + IntegerRanges.describe(ranks);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }
}
