package yolompi.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Takes the lock of a run folder, reports it, and holds it until the process is killed. */
final class LockProgram {
    private LockProgram() {}

    /** Arguments: the folder, then the number of the Slurm job, if any. */
    public static void main(String[] args) throws Exception {
        Optional<String> job = args.length > 1 ? Optional.of(args[1]) : Optional.empty();
        try (RunLock lock = RunLock.take(Path.of(args[0]), "n1", job, Duration.ZERO)) {
            System.out.println("locked " + lock.getClass().getSimpleName());
            System.in.read(); // until the test ends
        }
    }
}
