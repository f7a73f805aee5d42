package yolompi.distributed.watchdog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Status;
import yolompi.distributed.watchdog.RankStatus.ActivitySnapshot;
import yolompi.io.TextFields;

/**
 * Sends and receives heartbeats without blocking. It uses its own communicator, so heartbeats do
 * not mix with the main thread's collectives.
 */
public final class HeartbeatChannel {
    private static final int TAG = 1;
    private static final int CONNECT_TAG = 2;

    /**
     * Heartbeat: what the watchdog of one rank sends to that of another.
     *
     * @param terminating whether the process has received SIGTERM
     * @param failure why the rank failed; empty if it did not
     */
    record Heartbeat(Kind kind, ActivitySnapshot activity, boolean terminating, String failure) {
        /** MPI sends messages of this size without waiting for the receiver. */
        static final int MAX_BYTES = 3000;

        enum Kind {
            WORKING,
            /** The last message of a rank that ends normally. */
            LEAVING,
            /** The sender has reported the failure, so the receiver must not report it again. */
            FAILURE_REPORTED
        }

        /** Encodes the fields, truncated to {@link #MAX_BYTES}. The failure is the last. */
        byte[] encode() {
            String text = TextFields.join(
                    kind.name(),
                    activity.activity().name(),
                    activity.step(),
                    activity.waits(),
                    terminating,
                    activity.changes(),
                    failure);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return Arrays.copyOf(bytes, Math.min(bytes.length, MAX_BYTES));
        }

        static Heartbeat decode(byte[] bytes) {
            List<String> fields = TextFields.split(new String(bytes, StandardCharsets.UTF_8), 7);
            ActivitySnapshot doing = new ActivitySnapshot(
                    Long.parseLong(fields.get(2)),
                    Activity.valueOf(fields.get(1)),
                    Boolean.parseBoolean(fields.get(3)),
                    Long.parseLong(fields.get(5)));
            return new Heartbeat(
                    Kind.valueOf(fields.get(0)), doing, Boolean.parseBoolean(fields.get(4)), fields.get(6));
        }
    }

    /** A message and its sender. */
    record Letter(int from, Heartbeat message) {}

    /** The only message that may be in flight to a rank. */
    private static final class Outbox {
        private final ByteBuffer buffer = MPI.newByteBuffer(Heartbeat.MAX_BYTES);
        private Optional<Request> onItsWay = Optional.empty();
    }

    private final Intracomm ranks;
    private final ByteBuffer received = MPI.newByteBuffer(Heartbeat.MAX_BYTES);
    private final Map<Integer, Outbox> outboxes = new HashMap<>();

    /**
     * Takes ownership of a communicator that nothing else uses, and connects every rank with the
     * two that receive heartbeats; collective.
     *
     * <p>Open MPI's TCP transport can crash if two threads open connections at the same time. So
     * these connections are open before the watchdog's thread starts.
     */
    public HeartbeatChannel(Intracomm ranks) throws MPIException {
        this.ranks = ranks;
        connectAllTo(0);
        connectAllTo(ranks.getSize() - 1);
    }

    private void connectAllTo(int watcher) throws MPIException {
        ByteBuffer nothing = MPI.newByteBuffer(1);
        if (ranks.getRank() != watcher) {
            ranks.send(nothing, 1, MPI.BYTE, watcher, CONNECT_TAG);
            return;
        }
        for (int rank = 0; rank < ranks.getSize(); rank++) {
            if (rank != watcher) {
                ranks.recv(nothing, 1, MPI.BYTE, rank, CONNECT_TAG);
            }
        }
    }

    /** Sends a message. Returns false if the last message to that rank is still in flight. */
    boolean offer(int to, Heartbeat message) throws MPIException {
        Outbox outbox = outboxes.computeIfAbsent(to, rank -> new Outbox());
        if (!delivered(to)) {
            return false;
        }
        byte[] bytes = message.encode();
        outbox.buffer.put(0, bytes);
        outbox.onItsWay = Optional.of(ranks.iSend(outbox.buffer, bytes.length, MPI.BYTE, to, TAG));
        return true;
    }

    /** Whether no message to that rank is in flight. */
    boolean delivered(int to) throws MPIException {
        Outbox outbox = outboxes.computeIfAbsent(to, rank -> new Outbox());
        if (outbox.onItsWay.isPresent() && outbox.onItsWay.get().test()) {
            outbox.onItsWay = Optional.empty();
        }
        return outbox.onItsWay.isEmpty();
    }

    /** The next message that has arrived, if any. */
    Optional<Letter> next() throws MPIException {
        ranks.iProbe(MPI.ANY_SOURCE, TAG); // makes MPI progress; the next probe finds the message
        Status arrived = ranks.iProbe(MPI.ANY_SOURCE, TAG);
        if (arrived == null) {
            return Optional.empty();
        }
        byte[] bytes = new byte[arrived.getCount(MPI.BYTE)];
        ranks.recv(received, bytes.length, MPI.BYTE, arrived.getSource(), TAG);
        received.get(0, bytes);
        return Optional.of(new Letter(arrived.getSource(), Heartbeat.decode(bytes)));
    }

    /** Frees the communicator. Collective; no message may be in flight. */
    void free() throws MPIException {
        ranks.free();
    }
}
