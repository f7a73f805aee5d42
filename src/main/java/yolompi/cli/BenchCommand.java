package yolompi.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import yolompi.bench.StepBenchmark;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.recipe.Recipe;
import yolompi.torch.Compute;
import yolompi.train.setup.TrainingSetup;

@Command(
        name = "bench",
        description = "Measures speed on this machine.",
        subcommands = {
            BenchCommand.StepCommand.class,
            BenchDdpCommand.class,
            BenchLoaderCommand.class,
            BenchNmsCommand.class,
            BenchScoreCommand.class,
            BenchSpeedCommand.class
        })
final class BenchCommand {
    @Command(
            name = "step",
            description =
                    "Measures training in images/s, and a loop that repeats one loaded batch: the difference is the"
                            + " cost of input.")
    static final class StepCommand implements Callable<Integer> {
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
                Compute.useThreads(setup.threads());
                StepBenchmark.Result result = new StepBenchmark(setup, length.blocks(), length.steps()).run();
                if (ranks.world().isFirst()) {
                    Summary.lines(setup).forEach(System.out::println);
                    System.out.printf(Locale.ROOT, "repeated batch   %8.2f images/s%n", result.readyImagesPerSecond());
                    System.out.printf(
                            Locale.ROOT,
                            "training         %8.2f images/s, data wait %.1f %%%n",
                            result.trainImagesPerSecond(),
                            100 * result.dataWait());
                    System.out.printf(Locale.ROOT, "ratio            %8.3f%n", result.ratio());
                }
            }
        }
    }
}
