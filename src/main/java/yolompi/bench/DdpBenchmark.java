package yolompi.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.data.Batch;
import yolompi.data.loader.BatchLoader;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.distributed.world.World;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.train.setup.TrainingPlan;
import yolompi.train.step.TrainStep;

/**
 * Measures the cost of training together: the speed of common steps compared with that of the same
 * ranks side by side, each with its own training. Both alternate block by block on the same ready
 * images, so that a drift of the machine's speed affects both.
 */
public final class DdpBenchmark {
    private static final int WARM_UP_STEPS = 3;

    private final Communicator ranks;
    private final TrainingPlan plan;
    private final Recipe recipe;
    private final Architecture architecture;
    private final DeviceContext device;
    private final int blocks;
    private final int stepsPerBlock;

    /**
     * Result. Milliseconds are those of a common step, means over ranks.
     *
     * @param backend the process group that carries the gradients
     * @param computeMillis all but the two waits
     * @param communicationMillis waiting for gradients and numbers while no rank computes:
     *     communication that does not overlap with backward
     * @param skewMillis waiting for a slower rank to compute its own gradients
     * @param jointImagesPerSecond of all ranks in common steps
     * @param separateImagesPerSecond of all ranks side by side
     * @param lockstepImagesPerSecond of all ranks side by side, if every step had started on all
     *     ranks only after the slowest rank had finished the previous one: the limit that unequal
     *     speeds set even for communication that takes no time
     */
    public record Result(
            String backend,
            double computeMillis,
            double communicationMillis,
            double skewMillis,
            double jointImagesPerSecond,
            double separateImagesPerSecond,
            double lockstepImagesPerSecond) {
        /** Returns the speed of common training relative to training without communication. */
        public double ratio() {
            return jointImagesPerSecond / separateImagesPerSecond;
        }

        /** Same as {@link #ratio}, without the cost of unequal speeds. */
        public double lockstepRatio() {
            return jointImagesPerSecond / lockstepImagesPerSecond;
        }
    }

    /** What one rank trains, with the others or alone, and the duration of each of its steps. */
    private record Run(TrainStep step, RankStatus status, List<Batch> batches, List<Long> nanos, List<Long> waitNanos) {
        Run(TrainStep step, RankStatus status, List<Batch> batches) {
            this(step, status, batches, new ArrayList<>(), new ArrayList<>());
        }

        void warmUp() {
            steps(WARM_UP_STEPS);
            nanos.clear();
            waitNanos.clear();
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                long begin = System.nanoTime();
                long waitedBefore = waited();
                step.run(batches, StepHyperparameters.OF_BENCHMARKS);
                nanos.add(System.nanoTime() - begin);
                waitNanos.add(waited() - waitedBefore);
            }
        }

        /**
         * Waiting for gradients, where communication does not overlap with backward, and for
         * numbers.
         */
        private long waited() {
            return status.waitedNanos() + step.unnotedWaitNanos();
        }
    }

    public DdpBenchmark(
            Communicator ranks,
            TrainingPlan plan,
            Architecture architecture,
            DeviceContext device,
            int blocks,
            int stepsPerBlock) {
        this.ranks = ranks;
        this.plan = plan;
        this.recipe = plan.recipe();
        this.architecture = architecture;
        this.device = device;
        this.blocks = blocks;
        this.stepsPerBlock = stepsPerBlock;
    }

    /** Runs the benchmark; collective. */
    public Result run() {
        checkRanks(ranks.world(), recipe.train().batch());
        int share = recipe.train().batch() / ranks.world().size();
        Recipe ownRecipe = RecipeFile.changed(
                recipe,
                "bench ddp",
                "train.batch=" + share,
                "train.micro_batch=" + Math.min(share, recipe.train().microBatch()));
        List<Batch> batches = firstStep();
        Network alone = new Network(architecture, recipe.seed(), device, Optional.empty());
        try (Communicator self = Communicator.alone();
                ProcessGroup none = ProcessGroups.create(self, recipe.dist(), device.onGpu());
                ProcessGroup group = ProcessGroups.create(ranks, recipe.dist(), device.onGpu());
                TrainStep separate = new TrainStep(alone, ownRecipe, self, none, device);
                TrainStep joint = new TrainStep(
                        TrainStep.network(architecture, recipe, group, device), recipe, ranks, group, device)) {
            return measure(
                    group.describe(),
                    new Run(joint, ranks.status(), batches),
                    new Run(separate, self.status(), batches));
        }
    }

    private void checkRanks(World world, int batch) {
        Agreement.on(ranks, () -> {
            if (world.size() == 1 || batch % world.size() != 0) {
                throw new InputException(
                        ("bench ddp: found %d ranks and train.batch = %d; expected at least two ranks and a batch that"
                                        + " is a multiple of their number, for example: mpi/run.sh 2 bench ddp RECIPE")
                                .formatted(world.size(), batch));
            }
            return world;
        });
    }

    private List<Batch> firstStep() {
        try (BatchLoader loader = plan.load(0, 1)) {
            return loader.next().batches();
        }
    }

    private Result measure(String backend, Run joint, Run separate) {
        joint.warmUp();
        separate.warmUp();
        long jointNanos = 0;
        long separateNanos = 0;
        for (int block = 0; block < blocks; block++) {
            jointNanos += timed(joint);
            separateNanos += timed(separate);
        }
        int size = ranks.world().size();
        double images = (double) blocks * stepsPerBlock * recipe.train().batch();
        double[] sums = ranks.allReduceSum(images / size / jointNanos, images / size / separateNanos);
        double total = mean(overRanks(joint.nanos(), LongStream::sum)) / size;
        double waits = mean(overRanks(joint.waitNanos(), LongStream::sum)) / size;
        // The rank that computes longest waits only for the communication itself.
        double communication =
                mean(overRanks(joint.waitNanos(), steps -> steps.min().orElseThrow()));
        double lockstep = mean(overRanks(separate.nanos(), steps -> steps.max().orElseThrow()));
        return new Result(
                backend,
                (total - waits) / 1e6,
                communication / 1e6,
                (waits - communication) / 1e6,
                1e9 * sums[0],
                1e9 * sums[1],
                1e9 * recipe.train().batch() / lockstep);
    }

    /** Reduces the values of all ranks to one value per step; collective. */
    private LongStream overRanks(List<Long> own, ToLongFunction<LongStream> rule) {
        List<long[]> all = ranks.allGather(own.stream().map(String::valueOf).collect(Collectors.joining(" "))).stream()
                .map(text -> Stream.of(text.split(" ", -1))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toList();
        return IntStream.range(0, own.size())
                .mapToLong(step -> rule.applyAsLong(all.stream().mapToLong(ofRank -> ofRank[step])));
    }

    private static double mean(LongStream values) {
        return values.average().orElseThrow();
    }

    /** Starts all ranks together. */
    private long timed(Run run) {
        ranks.any(false);
        long begin = System.nanoTime();
        run.steps(stepsPerBlock);
        return System.nanoTime() - begin;
    }
}
