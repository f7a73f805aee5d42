package yolompi.dist;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Why a job must end, and through whom.
 *
 * @param culprits the ranks at fault; empty where all wait for each other
 * @param others all other ranks
 */
record Verdict(Reason reason, List<RankView> culprits, List<RankView> others) {
    /** A rank that fails while it waits for others may be the victim of one of which nothing is known yet. */
    private static final double GRACE_SECONDS = 3;
    /** After that time, ranks that are well have been heard of several times. */
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

    /** Empty as long as the job may go on. */
    static Optional<Verdict> of(Collection<RankView> all, Patience patience) {
        List<RankView> present = all.stream().filter(rank -> !rank.left()).toList();
        boolean complete = present.size() == all.size();
        boolean failureLasts = present.stream().anyMatch(rank -> rank.failedFor() >= GRACE_SECONDS);
        return first(
                () -> accuse(Reason.DIED, present, Verdict::died),
                () -> toldToEnd(present, patience.allToldSeconds()),
                () -> failed(present, RankView::works),
                () -> failureLasts
                        ? unwell(present, complete, new Patience(UNWELL_SECONDS, 0.8 * patience.timeoutSeconds()))
                        : Optional.empty(),
                () -> failureLasts ? failed(present, rank -> true) : Optional.empty(),
                () -> unwell(present, complete, patience));
    }

    /** Whether {@code rank} is at fault and can't say so itself. */
    boolean silences(int rank) {
        return (reason == Reason.DIED || reason == Reason.STOPPED || reason == Reason.SILENT)
                && culprits.stream().anyMatch(culprit -> culprit.rank() == rank);
    }

    private static boolean died(RankView rank) {
        return rank.gone() && rank.failure().isEmpty() && rank.toldToEndFor() == 0;
    }

    /** One rank alone: a launcher that ends the whole job needs no explanation. */
    private static Optional<Verdict> toldToEnd(List<RankView> present, double seconds) {
        boolean all = present.stream().allMatch(rank -> rank.toldToEndFor() > 0);
        return all ? Optional.empty() : accuse(Reason.TOLD_TO_END, present, rank -> rank.toldToEndFor() >= seconds);
    }

    /** The one that failed first: the others may have failed because of it. */
    private static Optional<Verdict> failed(List<RankView> present, Predicate<RankView> suspected) {
        return present.stream()
                .filter(rank -> rank.failure().isPresent() && suspected.test(rank))
                .max(Comparator.comparingDouble(RankView::failedFor))
                .flatMap(culprit -> accuse(Reason.FAILED, present, culprit::equals));
    }

    private static Optional<Verdict> unwell(List<RankView> present, boolean complete, Patience patience) {
        return first(
                () -> accuse(Reason.STOPPED, present, rank -> rank.stoppedFor() >= patience.silenceSeconds()),
                () -> accuse(Reason.SILENT, present, rank -> rank.silentFor(patience.silenceSeconds())),
                // None leaves before all have done their work: whoever seems to wait then has not been heard of since.
                () -> complete ? stalled(present, patience.timeoutSeconds()) : Optional.empty());
    }

    /** Ranks that have done the same for long are at fault only where others have waited for as long. */
    private static Optional<Verdict> stalled(List<RankView> present, double seconds) {
        Predicate<RankView> still = rank -> rank.failure().isEmpty()
                && rank.sameFor() >= seconds * rank.doing().activity().patience();
        boolean othersWait = present.stream().anyMatch(rank -> rank.doing().waits() && rank.sameFor() >= seconds);
        boolean othersReduce = present.stream().anyMatch(rank -> !rank.works() && rank.sameFor() >= seconds);
        return first(
                () -> othersReduce
                        ? accuse(Reason.HANGS, present, rank -> rank.works() && still.test(rank))
                        : Optional.empty(),
                // All others have left the reduction behind, so this one hangs in it.
                () -> othersWait && present.stream().noneMatch(RankView::works)
                        ? accuse(Reason.HANGS, present, rank -> !rank.doing().waits() && still.test(rank))
                        : Optional.empty(),
                () -> present.stream().allMatch(rank -> rank.doing().waits() && rank.sameFor() >= seconds)
                                && !present.isEmpty()
                        ? Optional.of(new Verdict(Reason.ALL_WAIT, List.of(), present))
                        : Optional.empty());
    }

    private static Optional<Verdict> accuse(Reason reason, List<RankView> present, Predicate<RankView> guilty) {
        List<RankView> culprits = present.stream().filter(guilty).toList();
        List<RankView> others = present.stream().filter(guilty.negate()).toList();
        return culprits.isEmpty() ? Optional.empty() : Optional.of(new Verdict(reason, culprits, others));
    }

    /** One way to a verdict. */
    private interface Rule {
        Optional<Verdict> judge();
    }

    private static Optional<Verdict> first(Rule... rules) {
        for (Rule rule : rules) {
            Optional<Verdict> verdict = rule.judge();
            if (verdict.isPresent()) {
                return verdict;
            }
        }
        return Optional.empty();
    }
}
