package yolompi.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import yolompi.WrongUsageException;
import yolompi.bench.DdpBenchmark;
import yolompi.bench.StepBenchmark;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.train.setup.TrainingSetup;

@Command(
        name = "bench",
        description = "Measures speed on this machine.",
        subcommands = {
            BenchCommand.StepCommand.class,
            BenchCommand.DdpCommand.class,
            BenchLoaderCommand.class,
            BenchNmsCommand.class,
            BenchScoreCommand.class,
            BenchSpeedCommand.class
        })
final class BenchCommand {
    /** A benchmark that trains with a recipe on all ranks. Rank 0 prints its result. */
    private abstract static class TrainingBenchmark implements Callable<Integer> {
        @Mixin
        private RecipeArguments arguments;

        @Mixin
        private BlockOptions length;

        @Override
        public Integer call() throws Exception {
            return Ranked.run(this::measure);
        }

        private void measure(Communicator ranks) {
            Agreement.on(ranks, length::checked);
            Recipe recipe = Agreement.on(ranks, arguments::read);
            try (TrainingSetup setup = TrainingSetup.prepare(recipe, Path.of("runs"), ranks)) {
                DeviceContext.useThreads(setup.plan().threads());
                Runnable report = run(ranks, setup, length.blocks(), length.steps());
                if (ranks.world().isRankZero()) {
                    Summary.lines(setup).forEach(System.out::println);
                    report.run();
                }
            }
        }

        /** Runs the benchmark, and returns what prints its result; collective. */
        abstract Runnable run(Communicator ranks, TrainingSetup setup, int blocks, int steps);
    }

    @Command(
            name = "step",
            description =
                    "Measures training in images/s, and a loop that repeats one loaded batch: the difference is the"
                            + " cost of input.")
    static final class StepCommand extends TrainingBenchmark {
        @Override
        Runnable run(Communicator ranks, TrainingSetup setup, int blocks, int steps) {
            StepBenchmark.Result result =
                    new StepBenchmark(ranks, setup.plan(), setup.architecture(), setup.device(), blocks, steps).run();
            return () -> print(result);
        }

        private static void print(StepBenchmark.Result result) {
            System.out.printf(Locale.ROOT, "repeated batch   %8.2f images/s%n", result.readyImagesPerSecond());
            System.out.printf(
                    Locale.ROOT,
                    "training         %8.2f images/s, data wait %.1f %%%n",
                    result.trainImagesPerSecond(),
                    100 * result.dataWait());
            System.out.printf(Locale.ROOT, "ratio            %8.3f%n", result.ratio());
        }
    }

    @Command(
            name = "ddp",
            description =
                    "Measures images/s of ranks that train together, and of the same ranks that train independently:"
                            + " the difference is the cost of communication.")
    static final class DdpCommand extends TrainingBenchmark {
        @Override
        Runnable run(Communicator ranks, TrainingSetup setup, int blocks, int steps) {
            DdpBenchmark.Result result =
                    new DdpBenchmark(ranks, setup.plan(), setup.architecture(), setup.device(), blocks, steps).run();
            return () -> print(result);
        }

        private static void print(DdpBenchmark.Result result) {
            System.out.println("backend   " + result.backend());
            double total = result.computeMillis() + result.communicationMillis() + result.skewMillis();
            System.out.printf(
                    Locale.ROOT,
                    "step      %.1f ms: %.1f ms compute, %.1f ms exposed communication (%.1f %%), %.1f ms waiting for a"
                            + " slower rank%n",
                    total,
                    result.computeMillis(),
                    result.communicationMillis(),
                    100 * result.communicationMillis() / total,
                    result.skewMillis());
            System.out.printf(Locale.ROOT, "together  %8.2f images/s%n", result.jointImagesPerSecond());
            System.out.printf(Locale.ROOT, "separate  %8.2f images/s%n", result.separateImagesPerSecond());
            System.out.printf(
                    Locale.ROOT,
                    "lockstep  %8.2f images/s: as separate, but each step waits for the slowest rank%n",
                    result.lockstepImagesPerSecond());
            System.out.printf(Locale.ROOT, "ratio     %8.3f of separate%n", result.ratio());
            System.out.printf(Locale.ROOT, "          %8.3f of lockstep%n", result.lockstepRatio());
        }
    }

    /** Options for the length of a benchmark that alternates between two loops. */
    static final class BlockOptions {
        @Option(
                names = "--blocks",
                paramLabel = "N",
                description = "Number of repetitions; each one runs both measurements.",
                defaultValue = "5")
        private int blocks;

        @Option(names = "--steps", paramLabel = "N", description = "Steps of each loop in a block.", defaultValue = "8")
        private int steps;

        /**
         * Checks the options and returns them.
         *
         * @throws WrongUsageException if nothing would be measured
         */
        BlockOptions checked() {
            if (blocks < 1 || steps < 1) {
                throw new WrongUsageException(
                        "--blocks %d --steps %d: expected at least 1 each".formatted(blocks, steps));
            }
            return this;
        }

        int blocks() {
            return blocks;
        }

        int steps() {
            return steps;
        }
    }
}
