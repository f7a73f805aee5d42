package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.dist.RankJob;
import yolompi.dist.RankLauncher;

/**
 * Measures how soon a rank of a training that is killed or stopped is named, by the time in {@code train.log}, and how soon its job has ended. The
 * machine says how long that takes, so nothing is asserted of it: {@code mpi/drill.sh lost} prints it.
 */
@Tag("mpi")
class LostRankDrill {
    private static final int RANKS = 2;

    private final int trials = Integer.getInteger("drill.trials", 5);

    @TempDir
    private Path folder;

    /** Seconds from the moment before the signal. */
    private record Times(double named, double ended) {}

    @Test
    void sayHowSoonALostRankIsNamed() throws IOException, InterruptedException {
        Path recipe = PackedShapes.in(folder, 40, 3).recipe("lost", """
                train.epochs = 100000
                train.batch = 4
                data.size = 64
                checkpoint.last_every_epochs = 100000
                eval.every_epochs = 0
                """);
        say("| a rank of 2 is | its report, median | largest | end of the job, median | largest | trials |");
        say("| --- | --- | --- | --- | --- | --- |");
        measure("killed", "KILL", recipe);
        measure("stopped, dist.silence_seconds = 20", "STOP", recipe);
        say("seconds after the signal, on %d cores"
                .formatted(Runtime.getRuntime().availableProcessors()));
    }

    private void measure(String what, String signal, Path recipe) throws IOException, InterruptedException {
        List<Times> all = new ArrayList<>();
        for (int trial = 0; trial < trials; trial++) {
            // Rank 0 tells of rank 1, and the deputy, which is rank 1 here, of rank 0.
            all.add(times(signal, trial % RANKS, recipe, folder.resolve(signal + trial)));
        }
        List<Double> named = sorted(all.stream().mapToDouble(Times::named));
        List<Double> ended = sorted(all.stream().mapToDouble(Times::ended));
        say(String.format(
                Locale.ROOT,
                "| %s | %.1f s | %.1f s | %.1f s | %.1f s | %d |",
                what,
                median(named),
                named.get(trials - 1),
                median(ended),
                ended.get(trials - 1),
                trials));
    }

    private static Times times(String signal, int victim, Path recipe, Path run)
            throws IOException, InterruptedException {
        try (RankJob job = RankLauncher.ofMain(Main.class)
                .ranks(RANKS)
                .within(Duration.ofMinutes(5))
                .start("train", recipe.toString(), "--run-dir", run.toString())) {
            List<ProcessHandle> processes = List.of(job.process(0), job.process(1));
            job.awaitOutput(0, "step 10/");
            Instant lost = Instant.now();
            String pid = Long.toString(processes.get(victim).pid());
            assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor())
                    .isZero();
            assertThat(job.await().exitCode()).isNotZero();
            processes.forEach(process -> process.onExit().join());
            return new Times(seconds(lost, report(run)), seconds(lost, Instant.now()));
        }
    }

    /** The time of the report in the log. */
    private static Instant report(Path run) throws IOException {
        return Files.readAllLines(run.resolve("train.log")).stream()
                .filter(line -> line.endsWith(": the job ends"))
                .map(line -> Instant.parse(line.substring("== ".length(), line.indexOf("Z: ") + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1e3;
    }

    private static List<Double> sorted(DoubleStream values) {
        return values.sorted().boxed().toList();
    }

    private static double median(List<Double> sorted) {
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static void say(String line) {
        System.out.println("drill: " + line);
    }
}
