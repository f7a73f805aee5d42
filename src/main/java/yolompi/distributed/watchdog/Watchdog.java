package yolompi.distributed.watchdog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import mpi.MPIException;
import yolompi.distributed.watchdog.HeartbeatChannel.Heartbeat;
import yolompi.distributed.world.Signals;
import yolompi.distributed.world.World;
import yolompi.io.DaemonThreads;

/**
 * Watchdog: watches the ranks of the job on a thread of its own.
 *
 * <p>Four times a second, every rank sends its activity to two watchers: rank 0 and the last rank,
 * its deputy. If a rank dies, fails, is stopped or hangs, rank 0 reports this once and ends all
 * ranks. The deputy does so if rank 0 cannot.
 */
public final class Watchdog {
    private static final long POLL_MILLIS = 250;
    /** Time for mpirun to notice the end of the process, and to print the signal. */
    private static final long LAUNCHER_MILLIS = 1500;

    /** Time for cleanup at the end. A disk that hangs must not keep the job alive. */
    private static final long BEFORE_EXIT_MILLIS = 5000;

    private static final long ABORT_MILLIS = 2000;
    private static final long REPORT_MILLIS = 8000;

    private final World world;
    private final HeartbeatChannel mailbox;
    private final RankStatus status;
    private final Runnable abort;
    private final List<RankProcess> processes;
    private final FailureDetector detector;
    private final List<Integer> watchers;
    private final Thread thread;
    private final CountDownLatch failureReported = new CountDownLatch(1);
    private final Runnable formerTerm;

    private volatile StallTimeouts timeouts = StallTimeouts.AT_START;
    private volatile String failure = "";
    private volatile Optional<Path> failureLog = Optional.empty();
    private volatile boolean onTerm;
    private volatile Runnable beforeExit = () -> {};
    private volatile boolean leaving;
    private final Set<Integer> departedFrom = new HashSet<>();
    private final Semaphore wakeUps = new Semaphore(0);

    /**
     * Starts the watchdog.
     *
     * @param hosts of all ranks
     * @param processes of all ranks
     * @param abort ends the job
     */
    public Watchdog(
            World world,
            HeartbeatChannel mailbox,
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
        this.formerTerm = Signals.on("TERM", this::onTerm);
        this.thread = DaemonThreads.start("rank-monitor", this::run);
    }

    public void timeouts(StallTimeouts limits) {
        timeouts = limits;
    }

    /** Sets a file to which reports of this rank are also appended, with the time. */
    public void logFailuresTo(Path file) {
        failureLog = Optional.of(file);
    }

    /**
     * Announces that this rank failed, waits for the report, and ends the process. Never returns.
     */
    public void fail(String message) {
        failure = message;
        wake();
        if (!awaitReport(REPORT_MILLIS)) {
            tell("yolo-mpi: " + world.describe() + " failed, the job ends: " + message);
            abort.run();
        }
        end();
    }

    /** Sets an action to run when this process must end. mpirun leaves it one second. */
    public void runBeforeExit(Runnable act) {
        beforeExit = act;
    }

    /** Ends the watchdog normally. All ranks arrive here before any leaves. */
    public void close() {
        leaving = true;
        wake();
        join(thread, 0);
        formerTerm.run();
    }

    /** Frees the communicator of the heartbeats. Collective; call after {@link #close}. */
    public void free() throws MPIException {
        mailbox.free();
    }

    /**
     * Handles SIGTERM, which mpirun sends to all ranks when one has died. The reason must be
     * reported before this process ends and before mpirun kills it.
     */
    private void onTerm() {
        onTerm = true;
        wake();
        Thread last = startBeforeExit();
        awaitReport((long) (1000 * timeouts.lastWordsSeconds()));
        join(last, BEFORE_EXIT_MILLIS);
        Signals.endBy("TERM");
    }

    private void run() {
        boolean done = false;
        while (!done) {
            detector.advanceTo(System.nanoTime());
            try {
                done = poll();
            } catch (MPIException e) {
                // The receiver is gone. Its process or its missing heartbeats will show it.
            }
            if (!done) {
                pause();
            }
        }
    }

    /** Sends and receives heartbeats, and evaluates them. Returns whether the watchdog is done. */
    private boolean poll() throws MPIException {
        Heartbeat message = message(leaving ? Heartbeat.Kind.LEAVING : Heartbeat.Kind.WORKING);
        boolean tookLeave = send(message);
        for (Optional<HeartbeatChannel.Letter> next = mailbox.next(); next.isPresent(); next = mailbox.next()) {
            if (next.get().message().kind() == Heartbeat.Kind.FAILURE_REPORTED) {
                failureReported.countDown();
                end();
            }
            detector.hear(next.get().from(), next.get().message());
        }
        if (!watchers.contains(world.rank())) {
            return tookLeave;
        }
        detector.hear(world.rank(), message);
        detector.poll(this::process, timeouts).ifPresent(this::reportFailure);
        return tookLeave && detector.allLeft();
    }

    private Heartbeat message(Heartbeat.Kind kind) {
        return new Heartbeat(kind, status.now(), onTerm, failure);
    }

    /** Returns whether all watchers have received the last message. */
    private boolean send(Heartbeat message) throws MPIException {
        boolean allLeft = true;
        for (int watcher : watchers) {
            if (watcher != world.rank() && !departedFrom.contains(watcher)) {
                boolean sent = mailbox.offer(watcher, message);
                if (sent && message.kind() == Heartbeat.Kind.LEAVING) {
                    departedFrom.add(watcher);
                }
            }
            allLeft &= watcher == world.rank() || (departedFrom.contains(watcher) && mailbox.delivered(watcher));
        }
        return allLeft;
    }

    private RankProcess.State process(int rank) {
        return processes.get(rank).seenFrom(processes.get(world.rank()));
    }

    private void reportFailure(FailureDiagnosis verdict) {
        // First of all: a rank that hears of it ends at once, and then mpirun may kill this one.
        System.out.flush();
        tell(FailureReport.of(verdict));
        for (int rank = 0; rank < world.size(); rank++) {
            if (rank != world.rank()) {
                announce(rank);
            }
        }
        failureReported.countDown();
        Thread last = startBeforeExit();
        if (verdict.reason() == FailureDiagnosis.Reason.DIED) {
            sleep(LAUNCHER_MILLIS);
        }
        join(last, BEFORE_EXIT_MILLIS);
        DaemonThreads.start("abort", abort);
        end();
    }

    /** Prints a report on standard error, and appends it to the log. */
    private void tell(String report) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        System.err.println(report);
        System.err.flush();
        failureLog.ifPresent(log -> append(log, "== %s: the job ends%n%s".formatted(now, report)));
    }

    private static void append(Path log, String text) {
        try {
            Files.writeString(log, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println("yolo-mpi: " + log + ": can't be written: " + e);
        }
    }

    private void announce(int rank) {
        try {
            mailbox.offer(rank, message(Heartbeat.Kind.FAILURE_REPORTED));
        } catch (MPIException e) {
            // This rank is gone.
        }
    }

    private boolean awaitReport(long millis) {
        try {
            return failureReported.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for the job to end, then kills this process. */
    private static void end() {
        sleep(ABORT_MILLIS);
        Signals.endBy("KILL");
    }

    private Thread startBeforeExit() {
        Thread last = new Thread(beforeExit, "last act");
        last.start();
        return last;
    }

    /** @param millis time-out; 0 for none */
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

    /** Starts the next poll immediately. */
    private void wake() {
        wakeUps.release();
    }

    private void pause() {
        try {
            if (wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
