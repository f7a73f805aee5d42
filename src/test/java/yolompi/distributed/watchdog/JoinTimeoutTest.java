package yolompi.distributed.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import yolompi.distributed.world.Host;

class JoinTimeoutTest {
    private static final long SECOND = 1_000_000_000L;
    /** The clock may start at any value, also a negative one. */
    private static final long BEGIN = -300 * SECOND;

    @Test
    void lateRanksAreReportedAtTheDeadlineNotBefore() {
        try (JoinTimeout deadline = new JoinTimeout("join", 600, BEGIN)) {
            assertThat(deadline.poll(BEGIN)).isEmpty();
            assertThat(deadline.poll(BEGIN + 600 * SECOND - 1)).isEmpty();
            assertThat(deadline.poll(BEGIN + 600 * SECOND).orElseThrow())
                    .startsWith("yolo-mpi: a rank on " + Host.name() + " waited 600 s for all ranks to join the job")
                    .contains("set -Dyolompi.join.seconds=SECONDS to wait longer");
        }
    }

    @Test
    void metDeadlineIsNeverReported() {
        JoinTimeout deadline = new JoinTimeout("leave", 600, BEGIN);
        deadline.close();
        assertThat(deadline.poll(BEGIN + 601 * SECOND)).isEmpty();
    }
}
