package yolompi.distributed.watchdog;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Diagnosis of a failed job: the reason and the ranks at fault.
 *
 * @param failedRanks the ranks at fault; empty if all wait for each other
 * @param others all other ranks
 */
record FailureDiagnosis(Reason reason, List<PeerState> failedRanks, List<PeerState> others) {
    /**
     * A rank that fails while it waits may be the victim of a rank whose failure is not known yet.
     */
    private static final double GRACE_SECONDS = 3;
    /** Healthy ranks send several heartbeats in this time. */
    private static final double UNWELL_SECONDS = 1.5;

    enum Reason {
        DIED,
        TOLD_TO_END,
        FAILED,
        STOPPED,
        SILENT,
        HANGS,
        ALL_WAIT
    }

    /** Evaluates the states of all ranks; empty while the job may continue. */
    static Optional<FailureDiagnosis> of(Collection<PeerState> all, StallTimeouts patience) {
        List<PeerState> present = all.stream().filter(rank -> !rank.left()).toList();
        boolean complete = present.size() == all.size();
        boolean failureLasts = present.stream().anyMatch(rank -> rank.failedFor() >= GRACE_SECONDS);
        return first(
                () -> blame(Reason.DIED, present, FailureDiagnosis::died),
                () -> terminated(present, patience.allToldSeconds()),
                () -> failed(present, PeerState::works),
                () -> failureLasts
                        ? unwell(present, complete, new StallTimeouts(UNWELL_SECONDS, 0.8 * patience.timeoutSeconds()))
                        : Optional.empty(),
                () -> failureLasts ? failed(present, rank -> true) : Optional.empty(),
                () -> unwell(present, complete, patience));
    }

    /** Whether {@code rank} is at fault and cannot report it itself. */
    boolean silences(int rank) {
        return (reason == Reason.DIED || reason == Reason.STOPPED || reason == Reason.SILENT)
                && failedRanks.stream().anyMatch(culprit -> culprit.rank() == rank);
    }

    private static boolean died(PeerState rank) {
        return rank.gone() && rank.failure().isEmpty() && rank.terminatingFor() == 0;
    }

    /**
     * A single rank that received SIGTERM. If all ranks received it, the launcher ends the job, and
     * nobody is at fault.
     */
    private static Optional<FailureDiagnosis> terminated(List<PeerState> present, double seconds) {
        boolean all = present.stream().allMatch(rank -> rank.terminatingFor() > 0);
        return all ? Optional.empty() : blame(Reason.TOLD_TO_END, present, rank -> rank.terminatingFor() >= seconds);
    }

    /** Blames the rank that failed first: its failure may have caused the others. */
    private static Optional<FailureDiagnosis> failed(List<PeerState> present, Predicate<PeerState> suspected) {
        return present.stream()
                .filter(rank -> rank.failure().isPresent() && suspected.test(rank))
                .max(Comparator.comparingDouble(PeerState::failedFor))
                .flatMap(culprit -> blame(Reason.FAILED, present, culprit::equals));
    }

    private static Optional<FailureDiagnosis> unwell(
            List<PeerState> present, boolean complete, StallTimeouts patience) {
        return first(
                () -> blame(Reason.STOPPED, present, rank -> rank.stoppedFor() >= patience.silenceSeconds()),
                () -> blame(Reason.SILENT, present, rank -> rank.silentFor(patience.silenceSeconds())),
                // Ranks leave only after all have finished. A rank that still seems to wait has not
                // been heard since.
                () -> complete ? stalled(present, patience.timeoutSeconds()) : Optional.empty());
    }

    /**
     * A rank without progress is at fault only if other ranks have waited for the whole time-out.
     */
    private static Optional<FailureDiagnosis> stalled(List<PeerState> present, double seconds) {
        Predicate<PeerState> still = rank -> rank.failure().isEmpty()
                && rank.sameFor() >= seconds * rank.doing().activity().patience();
        boolean othersWait = present.stream().anyMatch(rank -> rank.doing().waits() && rank.sameFor() >= seconds);
        boolean othersReduce = present.stream().anyMatch(rank -> !rank.works() && rank.sameFor() >= seconds);
        return first(
                () -> othersReduce
                        ? blame(Reason.HANGS, present, rank -> rank.works() && still.test(rank))
                        : Optional.empty(),
                // All others have finished the all-reduce, so this rank hangs in it.
                () -> othersWait && present.stream().noneMatch(PeerState::works)
                        ? blame(Reason.HANGS, present, rank -> !rank.doing().waits() && still.test(rank))
                        : Optional.empty(),
                () -> present.stream().allMatch(rank -> rank.doing().waits() && rank.sameFor() >= seconds)
                                && !present.isEmpty()
                        ? Optional.of(new FailureDiagnosis(Reason.ALL_WAIT, List.of(), present))
                        : Optional.empty());
    }

    private static Optional<FailureDiagnosis> blame(
            Reason reason, List<PeerState> present, Predicate<PeerState> guilty) {
        List<PeerState> culprits = present.stream().filter(guilty).toList();
        List<PeerState> others = present.stream().filter(guilty.negate()).toList();
        return culprits.isEmpty() ? Optional.empty() : Optional.of(new FailureDiagnosis(reason, culprits, others));
    }

    /** One rule that may find a failure. */
    private interface Rule {
        Optional<FailureDiagnosis> judge();
    }

    private static Optional<FailureDiagnosis> first(Rule... rules) {
        for (Rule rule : rules) {
            Optional<FailureDiagnosis> verdict = rule.judge();
            if (verdict.isPresent()) {
                return verdict;
            }
        }
        return Optional.empty();
    }
}
