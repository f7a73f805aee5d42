package yolompi.dist;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mpi.MPIException;

/**
 * Watches over the job from a thread of its own. Every rank tells rank 0 and a deputy, the last rank, what it is doing, four times a second.
 * When a rank dies, fails, is stopped or hangs, rank 0, or the deputy where rank 0 itself can't, tells the user once, and ends all ranks.
 */
final class RankMonitor {
    private static final long LOOK_MILLIS = 250;
    /** For mpirun to notice by itself, and to say which signal it was. */
    private static final long LAUNCHER_MILLIS = 1500;

    /** For what is removed at the end: a hanging disk must not keep the job. */
    private static final long LAST_ACT_MILLIS = 5000;

    private static final long ABORT_MILLIS = 2000;
    private static final long VERDICT_MILLIS = 8000;

    private final World world;
    private final Mailbox mailbox;
    private final RankStatus status;
    private final Runnable abort;
    private final List<RankProcess> processes;
    private final FailureDetector detector;
    private final List<Integer> watchers;
    private final Thread thread = new Thread(this::run, "rank-monitor");
    private final CountDownLatch told = new CountDownLatch(1);
    private final Runnable formerTerm;
    private final FailureLog failures = new FailureLog();

    private volatile Patience patience = Patience.AT_START;
    private volatile String failure = "";
    private volatile boolean toldToEnd;
    private volatile Runnable lastAct = () -> {};
    private volatile boolean leaving;
    private final Set<Integer> takenLeaveOf = new HashSet<>();
    private final Semaphore wakeUps = new Semaphore(0);

    /**
     * Begins to watch.
     *
     * @param hosts of all ranks
     * @param processes of all ranks
     * @param abort ends the job
     */
    RankMonitor(
            World world,
            Mailbox mailbox,
            RankStatus status,
            List<String> hosts,
            List<RankProcess> processes,
            Runnable abort) {
        this.world = world;
        this.mailbox = mailbox;
        this.status = status;
        this.abort = abort;
        this.processes = processes;
        this.detector = new FailureDetector(world, hosts, System.nanoTime());
        this.watchers = List.of(0, world.size() - 1);
        this.formerTerm = Signals.on("TERM", this::toldToEnd);
        thread.setDaemon(true);
        thread.start();
    }

    void patience(Patience limits) {
        patience = limits;
    }

    FailureLog failures() {
        return failures;
    }

    /** Tells that this rank failed, and waits for the verdict to end the process; never returns. */
    void fail(String message) {
        failure = message;
        wake();
        if (!awaitTold(VERDICT_MILLIS)) {
            failures.tell("yolo-mpi: " + world.describe() + " failed, the job ends: " + message);
            abort.run();
        }
        end();
    }

    /** Has something done when this process is told to end; mpirun leaves it a second. */
    void beforeEnd(Runnable act) {
        lastAct = act;
    }

    /** Ends the watch in good order; all ranks come here before any leaves. */
    void close() {
        leaving = true;
        wake();
        join(thread, 0);
        formerTerm.run();
    }

    /** Frees the communicator of the messages; collective, after {@link #close}. */
    void free() throws MPIException {
        mailbox.free();
    }

    /**
     * On the signal TERM, which mpirun sends to all ranks when one has died: the reason must be told before this process ends, too, and before
     * mpirun kills it.
     */
    private void toldToEnd() {
        toldToEnd = true;
        wake();
        Thread last = beginLastAct();
        awaitTold((long) (1000 * patience.lastWordsSeconds()));
        join(last, LAST_ACT_MILLIS);
        Signals.endBy("TERM");
    }

    private void run() {
        boolean done = false;
        while (!done) {
            detector.advanceTo(System.nanoTime());
            try {
                done = look();
            } catch (MPIException e) {
                // A message to a rank that is gone: its process, or its silence, will tell.
            }
            if (!done) {
                pause();
            }
        }
    }

    /** Returns whether the watch is over. */
    private boolean look() throws MPIException {
        RankMessage message = message(leaving ? RankMessage.Kind.LEAVING : RankMessage.Kind.WORKING);
        boolean tookLeave = send(message);
        for (Optional<Mailbox.Letter> next = mailbox.next(); next.isPresent(); next = mailbox.next()) {
            if (next.get().message().kind() == RankMessage.Kind.VERDICT) {
                told.countDown();
                end();
            }
            detector.hear(next.get().from(), next.get().message());
        }
        if (!watchers.contains(world.rank())) {
            return tookLeave;
        }
        detector.hear(world.rank(), message);
        detector.poll(this::process, patience).ifPresent(this::pronounce);
        return tookLeave && detector.allLeft();
    }

    private RankMessage message(RankMessage.Kind kind) {
        return new RankMessage(kind, status.now(), toldToEnd, failure);
    }

    /** Returns whether the last message has gone to all watchers. */
    private boolean send(RankMessage message) throws MPIException {
        boolean allLeft = true;
        for (int watcher : watchers) {
            if (watcher != world.rank() && !takenLeaveOf.contains(watcher)) {
                boolean sent = mailbox.offer(watcher, message);
                if (sent && message.kind() == RankMessage.Kind.LEAVING) {
                    takenLeaveOf.add(watcher);
                }
            }
            allLeft &= watcher == world.rank() || (takenLeaveOf.contains(watcher) && mailbox.delivered(watcher));
        }
        return allLeft;
    }

    private RankProcess.State process(int rank) {
        return processes.get(rank).seenFrom(processes.get(world.rank()));
    }

    private void pronounce(Verdict verdict) {
        for (int rank = 0; rank < world.size(); rank++) {
            if (rank != world.rank()) {
                announce(rank);
            }
        }
        System.out.flush();
        failures.tell(VerdictText.of(verdict));
        told.countDown();
        Thread last = beginLastAct();
        if (verdict.reason() == Verdict.Reason.DIED) {
            sleep(LAUNCHER_MILLIS);
        }
        join(last, LAST_ACT_MILLIS);
        Thread aborting = new Thread(abort, "abort");
        aborting.setDaemon(true);
        aborting.start();
        end();
    }

    private void announce(int rank) {
        try {
            mailbox.offer(rank, message(RankMessage.Kind.VERDICT));
        } catch (MPIException e) {
            // It is the one that is gone.
        }
    }

    private boolean awaitTold(long millis) {
        try {
            return told.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets the end of the job come, then ends at least this process. */
    private static void end() {
        sleep(ABORT_MILLIS);
        Signals.endBy("KILL");
    }

    private Thread beginLastAct() {
        Thread last = new Thread(lastAct, "last act");
        last.start();
        return last;
    }

    /** @param millis to wait at most; 0: for ever */
    private static void join(Thread other, long millis) {
        try {
            other.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at once instead of in a while. */
    private void wake() {
        wakeUps.release();
    }

    private void pause() {
        try {
            if (wakeUps.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
