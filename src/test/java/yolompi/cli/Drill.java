package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.CheckpointStore;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/**
 * Kills runs at random moments and resumes them, on the same or another number of ranks, until they
 * end. Then compares each run with an uninterrupted one. Too slow for every build: start it with
 * {@code mpi/developer/drill.sh}.
 */
@Tag("mpi")
class Drill {
    private static final int KILLS_PER_RUN = 5;
    private static final int STEPS = 120;
    private static final int[] WORLD_SIZES = {1, 2, 4};

    private final int cuts = Integer.getInteger("drill.cuts", 50);
    private final SplittableRandom random = new SplittableRandom(Long.getLong("drill.seed", 1));
    private final Map<Integer, RunFolder> uninterrupted = new HashMap<>();

    @TempDir
    private Path folder;

    private Path recipe;

    /** The record of one run. */
    private static final class RunRecord {
        final List<String> worldSizes = new ArrayList<>();
        int kills;
        int whileSaving;
        int skippedFiles;
        long repeatedSteps;
    }

    @Test
    void killedAndResumedRunsEqualUninterruptedRuns() throws IOException {
        recipe = PackedShapes.in(folder, 50, 3).recipe("drill", "yolov3-tiny", """
                train.epochs = 24
                train.batch = 10
                data.size = 64
                eval.every_epochs = 6
                checkpoint.every_steps = 4
                checkpoint.last_every_epochs = 3
                report.samples = true
                """);
        for (int worldSize : WORLD_SIZES) {
            uninterrupted.put(worldSize, new RunFolder(folder.resolve("uninterrupted-" + worldSize)));
            train(worldSize, uninterrupted.get(worldSize));
        }
        print("| run | ranks of each start | kill -9 | while saving | partial files skipped | steps repeated |"
                + " samples | final weights |");
        print("| --- | --- | --- | --- | --- | --- | --- | --- |");
        int done = 0;
        for (int run = 0; done < cuts; run++) {
            boolean fixed = run % 2 == 0;
            done += run(
                    run,
                    fixed ? Optional.of(WORLD_SIZES[run / 2 % WORLD_SIZES.length]) : Optional.empty(),
                    cuts - done);
        }
        print("%d cuts, all runs resumed from their newest checkpoint and ended as expected".formatted(done));
    }

    /** Kills a run several times, then lets it end; returns the number of kills. */
    private int run(int number, Optional<Integer> fixedWorldSize, int killsLeft) throws IOException {
        RunFolder run = new RunFolder(folder.resolve("cut-" + number));
        RunRecord record = new RunRecord();
        while (record.kills < Math.min(KILLS_PER_RUN, killsLeft)) {
            int worldSize = fixedWorldSize.orElseGet(this::randomWorldSize);
            record.worldSizes.add(Integer.toString(worldSize));
            if (!kill(worldSize, run, record, random.nextInt(3) == 0)) {
                break;
            }
        }
        int worldSize = fixedWorldSize.orElseGet(this::randomWorldSize);
        record.worldSizes.add(Integer.toString(worldSize));
        train(worldSize, run);
        assertThat(run.samples())
                .as("run " + number)
                .hasSize(STEPS)
                .isEqualTo(uninterrupted.get(1).samples());
        String weights = "another number of ranks";
        if (fixedWorldSize.isPresent()) {
            uninterrupted.get(fixedWorldSize.get()).assertSameWeights(run);
            weights = "bit-equal";
        }
        print("| %d | %s | %d | %d | %d | %d | each once | %s |"
                .formatted(
                        number + 1,
                        String.join(" ", record.worldSizes),
                        record.kills,
                        record.whileSaving,
                        record.skippedFiles,
                        record.repeatedSteps,
                        weights));
        return record.kills;
    }

    private int randomWorldSize() {
        return WORLD_SIZES[random.nextInt(WORLD_SIZES.length)];
    }

    /** Starts the run and kills one of its ranks; returns false if the run ended first. */
    private boolean kill(int worldSize, RunFolder run, RunRecord record, boolean whileSaving) throws IOException {
        long before = newest(run, new ArrayList<>());
        int victim = whileSaving && random.nextBoolean() ? 0 : random.nextInt(worldSize);
        long pauseMillis = random.nextLong(2500);
        try (RankJob job = launcher(worldSize).start(run.trainArguments(recipe, "--resume"))) {
            ProcessHandle process = job.process(victim);
            job.awaitOutput(0, "learning rate");
            sleep(pauseMillis);
            if (whileSaving) {
                awaitSaving(run, job);
            }
            if (!process.isAlive()) {
                job.await();
                return false;
            }
            process.destroyForcibly();
            RankOutcome outcome = job.await();
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(outcome.outputs()).noneMatch(output -> output.contains("fatal error has been detected"));
            if (before > 0) {
                assertThat(outcome.output(0)).contains("resuming from ", "step " + before);
            }
        }
        List<String> skippedFiles = new ArrayList<>();
        long after = newest(run, skippedFiles);
        assertThat(after).as("newest checkpoint; skipped: " + skippedFiles).isGreaterThanOrEqualTo(before);
        assertThat(after).as("newest checkpoint").isGreaterThanOrEqualTo(lastAnnounced(run));
        record.kills++;
        record.whileSaving += whileSaving ? 1 : 0;
        record.skippedFiles += skippedFiles.size();
        record.repeatedSteps +=
                run.samples().keySet().stream().mapToLong(step -> step).max().orElse(0) - after;
        return true;
    }

    private static RankLauncher launcher(int worldSize) {
        return RankLauncher.ofMain(Main.class).ranks(worldSize).within(Duration.ofMinutes(3));
    }

    private void train(int worldSize, RunFolder run) {
        RankOutcome outcome = launcher(worldSize).run(run.trainArguments(recipe, "--resume"));
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
    }

    /** The step of the newest valid checkpoint; 0 without any. */
    private static long newest(RunFolder run, List<String> skippedFiles) {
        return new CheckpointStore(run.folder().resolve("checkpoints"), 1)
                .newestValid(skippedFiles::add)
                .map(found -> found.state().step())
                .orElse(0L);
    }

    /** The last saved step in the log whose file name contains the step. */
    private static long lastAnnounced(RunFolder run) throws IOException {
        Path log = run.folder().resolve("train.log");
        long step = 0;
        for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
            if (line.contains("saved ") && line.contains("_step-")) {
                step = Long.parseLong(line.replaceAll(".*_step-0*(\\d+)_.*", "$1"));
            }
        }
        return step;
    }

    private static void awaitSaving(RunFolder run, RankJob job) throws IOException {
        Path checkpoints = run.folder().resolve("checkpoints");
        while (job.launcher().isAlive() && !hasPartialFile(checkpoints)) {
            sleep(1);
        }
    }

    private static boolean hasPartialFile(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (var files = Files.list(checkpoints)) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors.tmp"));
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void print(String line) {
        System.out.println("drill: " + line);
    }
}
