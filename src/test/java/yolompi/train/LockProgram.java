package yolompi.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Takes a run folder's lock, says so, and keeps it until it is ended. */
final class LockProgram {
    private LockProgram() {}

    /** The folder, then the job's number where it is one of Slurm's. */
    public static void main(String[] args) throws Exception {
        Optional<String> job = args.length > 1 ? Optional.of(args[1]) : Optional.empty();
        try (RunLock lock = RunLock.take(Path.of(args[0]), "n1", job, Duration.ZERO)) {
            System.out.println("locked " + lock.getClass().getSimpleName());
            System.in.read(); // until the test ends
        }
    }
}
