package yolompi.distributed.watchdog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Prints failure reports on standard error, and appends them with the time to a log file once one
 * is set.
 */
public final class FailureLog {
    private volatile Optional<Path> file = Optional.empty();

    public void writeTo(Path log) {
        file = Optional.of(log);
    }

    void tell(String text) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        System.err.println(text);
        System.err.flush();
        file.ifPresent(log -> append(log, "== %s: the job ends%n%s".formatted(now, text)));
    }

    private static void append(Path log, String text) {
        try {
            Files.writeString(log, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println("yolo-mpi: " + log + ": can't be written: " + e);
        }
    }
}
