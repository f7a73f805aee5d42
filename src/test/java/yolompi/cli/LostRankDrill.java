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
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;

/**
 * Measures the time from the loss of a rank (killed or stopped) to its report in {@code train.log}
 * and to the end of the job. Both depend on the machine, so the drill only prints them. Start it
 * with {@code mpi/developer/drill.sh lost}.
 */
@Tag("mpi")
class LostRankDrill {
    private static final int RANKS = 2;

    private final int trials = Integer.getInteger("drill.trials", 5);

    @TempDir
    private Path folder;

    /** Seconds since the signal was sent. */
    private record Times(double named, double ended) {}

    @Test
    void measureTimeUntilALostRankIsNamed() throws IOException, InterruptedException {
        Path recipe = PackedShapes.in(folder, 40, 3).recipe("lost", RankFailureTest.LONG_RUN);
        print("| a rank of 2 is | its report, median | largest | end of the job, median | largest | trials |");
        print("| --- | --- | --- | --- | --- | --- |");
        measure("killed", "KILL", recipe);
        measure("stopped, dist.silence_seconds = 20", "STOP", recipe);
        print("seconds after the signal, on %d cores"
                .formatted(Runtime.getRuntime().availableProcessors()));
    }

    private void measure(String what, String signal, Path recipe) throws IOException, InterruptedException {
        List<Times> all = new ArrayList<>();
        for (int trial = 0; trial < trials; trial++) {
            // Rank 0 reports rank 1; the deputy, here rank 1, reports rank 0.
            all.add(times(signal, trial % RANKS, recipe, folder.resolve(signal + trial)));
        }
        List<Double> named = sorted(all.stream().mapToDouble(Times::named));
        List<Double> ended = sorted(all.stream().mapToDouble(Times::ended));
        print(String.format(
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

    /** The time of the report in {@code train.log}. */
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

    private static void print(String line) {
        System.out.println("drill: " + line);
    }
}
