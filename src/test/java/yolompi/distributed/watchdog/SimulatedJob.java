package yolompi.distributed.watchdog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import yolompi.distributed.watchdog.HeartbeatChannel.Heartbeat;
import yolompi.distributed.watchdog.RankProcess.State;
import yolompi.distributed.world.World;

/**
 * Simulates ranks with a {@link Watchdog} each, on a clock that the test sets: no processes, no
 * threads, no sleep.
 *
 * <p>Heartbeats, each {@link RankStatus}, and the {@link FailureDetector} of rank 0 and of the
 * deputy are the real ones.
 */
final class SimulatedJob {
    static final double BEAT_SECONDS = 0.25;

    /** A failure report: the rank that reports, and when. */
    record Report(int by, double atSeconds, FailureDiagnosis verdict) {
        String text() {
            return FailureReport.of(verdict);
        }
    }

    private final List<Rank> ranks;
    private final boolean sharesMachine;
    private final StallTimeouts patience;
    private final List<Report> reports = new ArrayList<>();
    private long nanos;

    private SimulatedJob(int size, boolean sharesMachine, StallTimeouts patience) {
        this.sharesMachine = sharesMachine;
        this.patience = patience;
        List<String> hosts = Collections.nCopies(size, "node");
        this.ranks = IntStream.range(0, size)
                .mapToObj(rank -> new Rank(new World(rank, size, rank, size, "node"), hosts))
                .toList();
    }

    /** Ranks that see each other's processes. */
    static SimulatedJob onOneMachine(int size, StallTimeouts patience) {
        return new SimulatedJob(size, true, patience);
    }

    /** Ranks that know each other only through messages. */
    static SimulatedJob onMachinesOfTheirOwn(int size, StallTimeouts patience) {
        return new SimulatedJob(size, false, patience);
    }

    Rank rank(int rank) {
        return ranks.get(rank);
    }

    List<Rank> all() {
        return ranks;
    }

    /** All ranks but one. */
    List<Rank> othersThan(int rank) {
        return ranks.stream().filter(other -> other != ranks.get(rank)).toList();
    }

    double seconds() {
        return nanos / 1e9;
    }

    /** All reports so far; a correct job has at most one. */
    List<Report> reports() {
        return reports;
    }

    /** Lets time pass for all ranks that run. */
    void run(double seconds) {
        for (double passed = 0; passed < seconds; passed += BEAT_SECONDS) {
            sleep(BEAT_SECONDS);
            ranks.stream().filter(Rank::runs).forEach(Rank::send);
            ranks.stream().filter(Rank::runs).forEach(Rank::watch);
        }
    }

    /** Lets time pass until a rank reports a failure; returns the seconds that passed. */
    double runUntilReport() {
        double begin = seconds();
        while (reports.isEmpty()) {
            if (seconds() > begin + 1e4) {
                throw new AssertionError("nobody reports");
            }
            run(BEAT_SECONDS);
        }
        return reports.get(0).atSeconds() - begin;
    }

    /** Lets time pass in which no rank runs, as when the machine is suspended. */
    void sleep(double seconds) {
        nanos += (long) (1e9 * seconds);
    }

    /** One process of the job. */
    final class Rank {
        private final World world;
        private final RankStatus status = new RankStatus();
        private final FailureDetector detector;
        private final Queue<HeartbeatChannel.Letter> mail = new ArrayDeque<>();

        private State state = State.RUNNING;
        private boolean toldToEnd;
        private String failure = "";
        private boolean leaving;

        private Rank(World world, List<String> hosts) {
            this.world = world;
            this.detector = new FailureDetector(world, hosts, nanos);
        }

        RankStatus status() {
            return status;
        }

        /** Begins a step, and then waits for all. */
        void waitsInStep(long step) {
            status.step(step, Activity.LOADING);
            status.waits(true);
        }

        void stop() {
            state = State.STOPPED;
        }

        void resume() {
            state = State.RUNNING;
        }

        void die() {
            state = State.GONE;
        }

        void receiveTerm() {
            toldToEnd = true;
        }

        void fail(String message) {
            failure = message;
        }

        void leave() {
            leaving = true;
        }

        boolean allLeft() {
            return detector.allLeft();
        }

        private boolean runs() {
            return state == State.RUNNING;
        }

        private boolean watches() {
            return world.isRankZero() || world.rank() == world.size() - 1;
        }

        private void send() {
            Heartbeat message = new Heartbeat(
                    leaving ? Heartbeat.Kind.LEAVING : Heartbeat.Kind.WORKING, status.now(), toldToEnd, failure);
            ranks.stream()
                    .filter(Rank::watches)
                    .forEach(watcher -> watcher.mail.add(
                            new HeartbeatChannel.Letter(world.rank(), Heartbeat.decode(message.encode()))));
        }

        private void watch() {
            if (watches()) {
                detector.advanceTo(nanos);
                while (!mail.isEmpty()) {
                    detector.hear(mail.peek().from(), mail.remove().message());
                }
                Optional<FailureDiagnosis> verdict = detector.poll(this::seen, patience);
                verdict.ifPresent(found -> reports.add(new Report(world.rank(), seconds(), found)));
            }
        }

        private State seen(int rank) {
            return sharesMachine || rank == world.rank() ? ranks.get(rank).state : State.ELSEWHERE;
        }
    }
}
