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
import yolompi.bench.LoaderBenchmark;
import yolompi.bench.LoaderBenchmark.Cache;
import yolompi.data.ImageEncoding;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader;
import yolompi.data.sampler.MultiScale;
import yolompi.data.sampler.RankShare;
import yolompi.data.sampler.RepeatFactors;
import yolompi.data.sampler.SampleOrder;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.Agreement;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.distributed.device.HostResources;
import yolompi.distributed.world.World;
import yolompi.recipe.Recipe;
import yolompi.train.setup.TrainingData;

@Command(
        name = "loader",
        description = {
            "Measures images/s of the loader alone for both orders of samples (data.shuffle): with the shards in the"
                    + " page cache and, with --cold, read from disk. The full order is balanced if data.class_balance"
                    + " is above 0.",
            "Column 'from disk': bytes read from disk, in percent of the images' bytes. Above 100 %% the kernel read"
                    + " more than needed.",
            "With --target: says what the loader needs to feed a training of that speed, and fails if the recipe's"
                    + " order is too slow."
        })
final class BenchLoaderCommand implements Callable<Integer> {
    private static final double MIB = 1 << 20;

    @Mixin
    private RecipeArguments arguments;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of each measurement, at most one epoch.",
            defaultValue = "50")
    private int steps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Measurements of each case, in turn; the median is printed.",
            defaultValue = "3")
    private int rounds;

    @Option(names = "--cold", description = "Also measure with shards dropped from the page cache.")
    private boolean cold;

    @Option(
            names = "--target",
            paramLabel = "IMAGES/S",
            description = "Images/s that training needs on all ranks together (see 'bench speed'); 0: no target.",
            defaultValue = "0")
    private double target;

    /** One case with its measurements. */
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
     * One measurement, summed over all ranks.
     *
     * @param images images/s
     * @param mib MiB/s of stored images
     * @param fromDisk fraction of these bytes that was read from disk; above 1 if the kernel reads
     *     more than requested, NaN if the kernel does not report it
     */
    private record Speed(double images, double mib, double fromDisk) {}

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::measure);
    }

    private void measure(Communicator ranks) {
        Target wanted = Agreement.on(ranks, () -> new Target(target));
        Recipe recipe = Agreement.on(ranks, arguments::read);
        try (TrainingData data = Agreement.on(ranks, () -> TrainingData.open(recipe.data()))) {
            int workers = recipe.data().workers() > 0 ? recipe.data().workers() : HostResources.cores(ranks);
            LoaderBenchmark benchmark =
                    Agreement.on(ranks, () -> benchmark(recipe, data.train(), workers, ranks.world()));
            List<Row> rows = rows(recipe, data.train());
            // Warm-up: the first run is slower, because the JVM has not compiled the code yet.
            measure(benchmark, rows.get(0), ranks);
            for (int round = 0; round < rounds; round++) {
                for (Row row : rows) {
                    row.speeds().add(measure(benchmark, row, ranks));
                }
            }
            double[] sums = ranks.allReduceSum(workers, HostResources.cores(ranks));
            if (ranks.world().isRankZero()) {
                print(recipe, data.train(), benchmark, rows, sums[0]);
            }
            judge(wanted, ranks, recipe, data.train().encoding(), rows, sums);
        }
    }

    /**
     * Compares the recipe's order with the target, for each cache state.
     *
     * @throws AgreedException if the target is missed
     */
    private static void judge(
            Target wanted, Communicator ranks, Recipe recipe, ImageEncoding encoding, List<Row> rows, double[] sums) {
        List<String> missed = new ArrayList<>();
        for (Row row : rows) {
            if (wanted.images() > 0
                    && row.name().equalsIgnoreCase(recipe.data().shuffle().name())) {
                double reached = row.median().images();
                String verdict = wanted.verdict(row.describe(), reached, sums[0], sums[1], encoding);
                if (wanted.isMissedBy(reached)) {
                    missed.add(verdict);
                } else if (ranks.world().isRankZero()) {
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
        BatchLoader.Settings settings =
                new BatchLoader.Settings(workers, recipe.data().prefetchSteps());
        return new LoaderBenchmark(
                shards, augmenter, share, MultiScale.of(recipe.data(), recipe.seed()), settings, steps);
    }

    private List<Row> rows(Recipe recipe, ShardSet shards) {
        double strength = recipe.data().classBalance();
        SampleOrder full = strength == 0
                ? SampleOrder.full(shards.size(), recipe.seed())
                : SampleOrder.balanced(RepeatFactors.of(shards, strength), recipe.seed());
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
        // The agreement is also a barrier: no rank reads before all ranks have emptied the cache.
        Agreement.on(ranks, () -> {
            benchmark.prepare(row.cache());
            return row;
        });
        LoaderBenchmark.Result own = benchmark.run(row.order());
        double disk = own.diskBytes().isPresent() ? own.diskBytes().getAsLong() : Double.NaN;
        double[] all = ranks.allReduceSum(
                own.images() / own.seconds(), own.bytes() / own.seconds() / MIB, (double) own.bytes(), disk);
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
                "order", "cache", "images/s", "per thread", "MiB/s", "from disk", "shards/step");
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

    /** Warns if a cold measurement may have read from memory. */
    private static void doubt(Row row) {
        double fromDisk = row.median().fromDisk();
        if (Double.isNaN(fromDisk)) {
            System.out.printf(
                    "%s: the kernel does not report disk reads, so the shards may have been in memory%n",
                    row.describe());
        } else if (fromDisk < 0.5) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: only %.0f %% was read from disk: the shards were cached, or the file system has its own"
                            + " cache%n",
                    row.describe(),
                    100 * fromDisk);
        }
    }

    /**
     * The loader speed that training needs, so that it never waits for images.
     *
     * @param images images/s of all ranks together; 0: no target
     */
    record Target(double images) {
        Target {
            if (!(images >= 0) || Double.isInfinite(images)) {
                throw new WrongUsageException("--target %s: expected images/s, such as 900".formatted(images));
            }
        }

        boolean isMissedBy(double reached) {
            return reached < images;
        }

        /**
         * Compares a measurement with the target; if the target is missed, says how to reach it.
         *
         * @param row sample order and cache state
         * @param reached images/s of all loader threads together
         * @param threads loader threads of all ranks
         * @param cores cores of all ranks
         */
        String verdict(String row, double reached, double threads, double cores, ImageEncoding encoding) {
            String found = String.format(
                    Locale.ROOT,
                    "target of %.0f images/s, %s: %.0f %% reached with %.0f loader threads, %.1f images/s each",
                    images,
                    row,
                    100 * reached / images,
                    threads,
                    reached / threads);
            return isMissedBy(reached)
                    ? found + "; " + remedy(Math.ceil(images * threads / reached), cores, encoding)
                    : found;
        }

        private static String remedy(double needed, double cores, ImageEncoding encoding) {
            String wanted = String.format(Locale.ROOT, "%.0f loader threads are needed at that speed", needed);
            if (needed <= cores) {
                return wanted + ": raise data.workers";
            }
            String more = String.format(Locale.ROOT, ", but the job has %.0f cores: start it with more cores", cores);
            return wanted
                    + more
                    + (encoding == ImageEncoding.RAW
                            ? ", or augment less"
                            : ", augment less, or pack with --encoding raw, which needs no decoding");
        }
    }
}
