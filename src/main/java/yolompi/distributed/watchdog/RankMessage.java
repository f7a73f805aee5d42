package yolompi.distributed.watchdog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Heartbeat: what the watchdog of one rank sends to that of another.
 *
 * @param toldToEnd whether the process has received SIGTERM
 * @param failure why the rank failed; empty if it did not
 */
record RankMessage(Kind kind, Doing doing, boolean toldToEnd, String failure) {
    /** MPI sends messages of this size without waiting for the receiver. */
    static final int MOST_BYTES = 3000;

    enum Kind {
        WORKING,
        /** The last message of a rank that ends normally. */
        LEAVING,
        /** The sender has reported the failure, so the receiver must not report it again. */
        VERDICT
    }

    /** Encodes the fields as words, then the failure, truncated to {@link #MOST_BYTES}. */
    byte[] encode() {
        String text = "%s %s %d %s %s %d %s"
                .formatted(
                        kind.name(),
                        doing.activity().name(),
                        doing.step(),
                        doing.waits(),
                        toldToEnd,
                        doing.changes(),
                        failure);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, Math.min(bytes.length, MOST_BYTES));
    }

    static RankMessage decode(byte[] bytes) {
        String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", 7);
        Doing doing = new Doing(
                Long.parseLong(words[2]),
                Activity.valueOf(words[1]),
                Boolean.parseBoolean(words[3]),
                Long.parseLong(words[5]));
        return new RankMessage(Kind.valueOf(words[0]), doing, Boolean.parseBoolean(words[4]), words[6]);
    }
}
