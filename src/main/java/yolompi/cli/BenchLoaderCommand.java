package yolompi.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import yolompi.WrongUsageException;
import yolompi.data.Augmenter;
import yolompi.data.ClassBalance;
import yolompi.data.Encoding;
import yolompi.data.InputSizes;
import yolompi.data.LoaderBenchmark;
import yolompi.data.LoaderBenchmark.Cache;
import yolompi.data.LoaderSettings;
import yolompi.data.RankShare;
import yolompi.data.SampleOrder;
import yolompi.data.ShardSet;
import yolompi.dist.AgreedException;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.dist.Cores;
import yolompi.dist.World;
import yolompi.recipe.Recipe;
import yolompi.train.TrainingData;

@Command(
        name = "loader",
        description = {
            "Images/s of the loader alone in both orders of samples (data.shuffle), with the shards in memory and, with --cold, on their"
                    + " disk: what each order costs on this storage. The full order is balanced where data.class_balance says so.",
            "'from disk' is what a disk delivered, in percent of the images' bytes: above 100 %% the rest was read in vain.",
            "With --target it says what the loader lacks to feed a training of that speed, and fails where the recipe's order falls short."
        })
final class BenchLoaderCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    @Mixin
    private RecipeArguments arguments;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of each measurement, one epoch at most.",
            defaultValue = "50")
    private int steps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each is measured, all in turn; the median counts.",
            defaultValue = "3")
    private int rounds;

    @Option(names = "--cold", description = "Also measure with shards that the kernel was asked to drop from memory.")
    private boolean cold;

    @Option(
            names = "--target",
            paramLabel = "IMAGES/S",
            description = "What training takes on all ranks together, as 'bench speed' measures it; 0: no target.",
            defaultValue = "0")
    private double target;

    /** What is measured, and what comes of it. */
    private record Row(String name, SampleOrder order, Cache cache, List<Speed> speeds) {
        String describe() {
            return name + " order, " + cache.name().toLowerCase(Locale.ROOT);
        }

        Speed median() {
            List<Speed> sorted = speeds.stream()
                    .sorted(Comparator.comparingDouble(Speed::images))
                    .toList();
            return sorted.get(sorted.size() / 2);
        }
    }

    /**
     * All ranks together in one measurement.
     *
     * @param images a second
     * @param mib a second, of stored images
     * @param fromDisk the part of these bytes that came from a disk; it is above 1 where the kernel reads more than it is asked for, and NaN
     *     where it does not say
     */
    private record Speed(double images, double mib, double fromDisk) {}

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::measure);
    }

    private void measure(Communicator ranks) {
        LoaderTarget wanted = Agreement.on(ranks, () -> new LoaderTarget(target));
        Recipe recipe = Agreement.on(ranks, arguments::read);
        try (TrainingData data = Agreement.on(ranks, () -> TrainingData.open(recipe.data()))) {
            int workers = recipe.data().workers() > 0 ? recipe.data().workers() : Cores.share(ranks);
            LoaderBenchmark benchmark =
                    Agreement.on(ranks, () -> benchmark(recipe, data.train(), workers, ranks.world()));
            List<Row> rows = rows(recipe, data.train());
            // The first run of all is slower than any that follow: Java compiles what runs often.
            measure(benchmark, rows.get(0), ranks);
            for (int round = 0; round < rounds; round++) {
                for (Row row : rows) {
                    row.speeds().add(measure(benchmark, row, ranks));
                }
            }
            double[] sums = ranks.sum(workers, Cores.share(ranks));
            if (ranks.world().isFirst()) {
                print(recipe, data.train(), benchmark, rows, sums[0]);
            }
            judge(wanted, ranks, recipe, data.train().encoding(), rows, sums);
        }
    }

    /** Says how the recipe's order does, from each place; where it falls short of the target the command fails. */
    private static void judge(
            LoaderTarget wanted, Communicator ranks, Recipe recipe, Encoding encoding, List<Row> rows, double[] sums) {
        List<String> missed = new ArrayList<>();
        for (Row row : rows) {
            if (wanted.images() > 0
                    && row.name().equalsIgnoreCase(recipe.data().shuffle().name())) {
                double reached = row.median().images();
                String verdict = wanted.verdict(row.describe(), reached, sums[0], sums[1], encoding);
                if (wanted.isMissedBy(reached)) {
                    missed.add(verdict);
                } else if (ranks.world().isFirst()) {
                    System.out.println(verdict);
                }
            }
        }
        String all = ranks.broadcast(String.join("\n", missed));
        if (!all.isEmpty()) {
            throw new AgreedException(all);
        }
    }

    private LoaderBenchmark benchmark(Recipe recipe, ShardSet shards, int workers, World world) {
        if (steps < 1 || rounds < 1) {
            throw new WrongUsageException("--steps %d --rounds %d: expected at least 1 each".formatted(steps, rounds));
        }
        RankShare share =
                new RankShare(recipe.train().batch(), recipe.train().microBatch(), world.rank(), world.size());
        Augmenter augmenter = Augmenter.training(
                recipe.augment(), recipe.seed(), recipe.train().epochs());
        LoaderSettings settings = new LoaderSettings(workers, recipe.data().prefetchSteps());
        return new LoaderBenchmark(
                shards, augmenter, share, InputSizes.of(recipe.data(), recipe.seed()), settings, steps);
    }

    private List<Row> rows(Recipe recipe, ShardSet shards) {
        double strength = recipe.data().classBalance();
        SampleOrder full = strength == 0
                ? SampleOrder.full(shards.size(), recipe.seed())
                : SampleOrder.balanced(ClassBalance.of(shards, strength), recipe.seed());
        SampleOrder window =
                SampleOrder.windows(shards.recordCounts(), recipe.data().shuffleWindow(), recipe.seed());
        return Stream.of(Cache.values())
                .filter(cache -> cold || cache == Cache.WARM)
                .flatMap(cache -> Stream.of(
                        new Row("full", full, cache, new ArrayList<>()),
                        new Row("window", window, cache, new ArrayList<>())))
                .toList();
    }

    private static Speed measure(LoaderBenchmark benchmark, Row row, Communicator ranks) {
        // Agreeing is also waiting: no rank reads before all have emptied the cache.
        Agreement.on(ranks, () -> {
            benchmark.prepare(row.cache());
            return row;
        });
        LoaderBenchmark.Result own = benchmark.run(row.order());
        double disk = own.diskBytes().isPresent() ? own.diskBytes().getAsLong() : Double.NaN;
        double[] all =
                ranks.sum(own.images() / own.seconds(), own.bytes() / own.seconds() / MIB, (double) own.bytes(), disk);
        return new Speed(all[0], all[1], all[3] / all[2]);
    }

    private static void print(
            Recipe recipe, ShardSet shards, LoaderBenchmark benchmark, List<Row> rows, double threads) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d images in %d shards; %d steps of %d images at %d px, %.0f loader threads, window of %d%n",
                recipe.data().train(),
                shards.size(),
                shards.shardCount(),
                benchmark.steps(),
                recipe.train().batch(),
                recipe.data().size(),
                threads,
                recipe.data().shuffleWindow());
        System.out.printf(
                "%-8s%-8s%10s%12s%8s%11s%15s%n",
                "order", "cache", "images/s", "per thread", "MiB/s", "from disk", "shards a step");
        for (Row row : rows) {
            Speed speed = row.median();
            System.out.printf(
                    Locale.ROOT,
                    "%-8s%-8s%10.1f%12.1f%8.1f%11s%15.1f%n",
                    row.name(),
                    row.cache().name().toLowerCase(Locale.ROOT),
                    speed.images(),
                    speed.images() / threads,
                    speed.mib(),
                    Double.isNaN(speed.fromDisk()) ? "?" : "%.0f %%".formatted(100 * speed.fromDisk()),
                    benchmark.shardsPerStep(row.order()));
        }
        rows.stream().filter(row -> row.cache() == Cache.COLD).forEach(BenchLoaderCommand::doubt);
    }

    /** Says so where a cold measurement was none. */
    private static void doubt(Row row) {
        double fromDisk = row.median().fromDisk();
        if (Double.isNaN(fromDisk)) {
            System.out.printf(
                    "%s: the kernel does not say what was read from a disk, so it may have been in memory%n",
                    row.describe());
        } else if (fromDisk < 0.5) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: only %.0f %% came from a disk that the kernel counts: this row is not a cold one, or the file system keeps its own cache%n",
                    row.describe(),
                    100 * fromDisk);
        }
    }
}
