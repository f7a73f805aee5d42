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
import yolompi.dist.RankJob;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;

/**
 * Kills runs at random moments and resumes them, on the same or on other numbers of ranks, until they are done; then holds each beside a run
 * that was left alone. Too long for every build: {@code mpi/drill.sh} starts it.
 */
@Tag("mpi")
class Drill {
    private static final int CUTS_A_RUN = 5;
    private static final int STEPS = 120;
    private static final int[] WORLDS = {1, 2, 4};

    private final int cuts = Integer.getInteger("drill.cuts", 50);
    private final SplittableRandom random = new SplittableRandom(Long.getLong("drill.seed", 1));
    private final Map<Integer, RunFolder> uncut = new HashMap<>();

    @TempDir
    private Path folder;

    private Path recipe;

    /** What became of one run. */
    private static final class Tale {
        final List<String> worlds = new ArrayList<>();
        int cuts;
        int whileSaving;
        int passedOver;
        long stepsAgain;
    }

    @Test
    void cutRunsReadEverySampleOnceAndEndLikeThoseThatWereLeftAlone() throws IOException {
        recipe = PackedShapes.in(folder, 50, 3).recipe("drill", "yolov3-tiny", """
                train.epochs = 24
                train.batch = 10
                data.size = 64
                eval.every_epochs = 6
                checkpoint.every_steps = 4
                checkpoint.last_every_epochs = 3
                report.samples = true
                """);
        for (int world : WORLDS) {
            uncut.put(world, new RunFolder(folder.resolve("uncut-" + world)));
            train(world, uncut.get(world));
        }
        say(
                "| run | ranks of each start | kill -9 | while saving | half files passed over | steps done again | samples | final weights |");
        say("| --- | --- | --- | --- | --- | --- | --- | --- |");
        int done = 0;
        for (int run = 0; done < cuts; run++) {
            boolean fixed = run % 2 == 0;
            done += run(run, fixed ? Optional.of(WORLDS[run / 2 % WORLDS.length]) : Optional.empty(), cuts - done);
        }
        say("%d cuts, all runs resumed from their newest checkpoint and ended as expected".formatted(done));
    }

    /** Cuts a run a few times and lets it end; returns how often it was cut. */
    private int run(int number, Optional<Integer> fixedWorld, int cutsLeft) throws IOException {
        RunFolder run = new RunFolder(folder.resolve("cut-" + number));
        Tale tale = new Tale();
        while (tale.cuts < Math.min(CUTS_A_RUN, cutsLeft)) {
            int world = fixedWorld.orElseGet(this::anyWorld);
            tale.worlds.add(Integer.toString(world));
            if (!cut(world, run, tale, random.nextInt(3) == 0)) {
                break;
            }
        }
        int world = fixedWorld.orElseGet(this::anyWorld);
        tale.worlds.add(Integer.toString(world));
        train(world, run);
        assertThat(run.samples())
                .as("run " + number)
                .hasSize(STEPS)
                .isEqualTo(uncut.get(1).samples());
        String weights = "another number of ranks";
        if (fixedWorld.isPresent()) {
            uncut.get(fixedWorld.get()).assertSameWeights(run);
            weights = "bit-equal";
        }
        say("| %d | %s | %d | %d | %d | %d | each once | %s |"
                .formatted(
                        number + 1,
                        String.join(" ", tale.worlds),
                        tale.cuts,
                        tale.whileSaving,
                        tale.passedOver,
                        tale.stepsAgain,
                        weights));
        return tale.cuts;
    }

    private int anyWorld() {
        return WORLDS[random.nextInt(WORLDS.length)];
    }

    /** Starts the run and kills one of its ranks; false where the run came to its end before. */
    private boolean cut(int world, RunFolder run, Tale tale, boolean whileSaving) throws IOException {
        long before = newest(run, new ArrayList<>());
        int victim = whileSaving && random.nextBoolean() ? 0 : random.nextInt(world);
        long pauseMillis = random.nextLong(2500);
        try (RankJob job = launcher(world).start(arguments(run))) {
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
        List<String> passedOver = new ArrayList<>();
        long after = newest(run, passedOver);
        assertThat(after).as("newest checkpoint; passed over: " + passedOver).isGreaterThanOrEqualTo(before);
        assertThat(after).as("newest checkpoint").isGreaterThanOrEqualTo(lastAnnounced(run));
        tale.cuts++;
        tale.whileSaving += whileSaving ? 1 : 0;
        tale.passedOver += passedOver.size();
        tale.stepsAgain +=
                run.samples().keySet().stream().mapToLong(step -> step).max().orElse(0) - after;
        return true;
    }

    private static RankLauncher launcher(int world) {
        return RankLauncher.ofMain(Main.class).ranks(world).within(Duration.ofMinutes(3));
    }

    private String[] arguments(RunFolder run) {
        return new String[] {
            "train", recipe.toString(), "--run-dir", run.folder().toString(), "--resume"
        };
    }

    private void train(int world, RunFolder run) {
        RankOutcome outcome = launcher(world).run(arguments(run));
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
    }

    /** The step of the newest valid checkpoint; 0 without any. */
    private static long newest(RunFolder run, List<String> passedOver) {
        return new CheckpointStore(run.folder().resolve("checkpoints"), 1)
                .newestValid(passedOver::add)
                .map(found -> found.state().step())
                .orElse(0L);
    }

    /** The step of the last checkpoint that the log calls saved, as far as its name says it. */
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
        while (job.launcher().isAlive() && !holdsHalfFile(checkpoints)) {
            sleep(1);
        }
    }

    private static boolean holdsHalfFile(Path checkpoints) throws IOException {
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

    private static void say(String line) {
        System.out.println("drill: " + line);
    }
}
