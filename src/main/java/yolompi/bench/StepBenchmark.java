package yolompi.bench;

import java.util.Optional;
import yolompi.data.StepBatches;
import yolompi.data.loader.BatchLoader;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.optim.Ema;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.train.setup.TrainingPlan;
import yolompi.train.step.DevicePrefetcher;
import yolompi.train.step.TrainStep;

/**
 * Measures the cost of the input: the speed of training with its loader compared with a loop that
 * repeats one ready batch. Both alternate block by block, so that a drift of the machine's speed
 * affects both.
 */
public final class StepBenchmark {
    private static final int WARM_UP_STEPS = 3;

    private final Communicator ranks;
    private final TrainingPlan plan;
    private final Recipe recipe;
    private final Architecture architecture;
    private final DeviceContext device;
    private final int blocks;
    private final int stepsPerBlock;

    /**
     * Result; images/s of all ranks together.
     *
     * @param dataWait fraction of the time that training waited for the loader, 0 to 1
     */
    public record Result(double readyImagesPerSecond, double trainImagesPerSecond, double dataWait) {
        /** Returns the speed of training relative to the speed without input. */
        public double ratio() {
            return trainImagesPerSecond / readyImagesPerSecond;
        }
    }

    public StepBenchmark(
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
        try (ProcessGroup group = ProcessGroups.create(ranks, recipe.dist(), device.onGpu())) {
            return run(group);
        }
    }

    private Result run(ProcessGroup group) {
        Network network = TrainStep.network(architecture, recipe, group, device);
        long steps = WARM_UP_STEPS + (long) blocks * stepsPerBlock;
        Optional<Ema> ema = Ema.of(network, recipe, device);
        try (TrainStep trainStep = new TrainStep(network, recipe, ranks, group, device);
                BatchLoader loader = plan.load(0, steps);
                DevicePrefetcher feed = DevicePrefetcher.of(loader, trainStep, device)) {
            StepBatches last = feed.next();
            for (int i = 1; i < WARM_UP_STEPS; i++) {
                step(trainStep, ema, last);
                last = feed.next();
            }
            step(trainStep, ema, last);
            try (DevicePrefetcher ready = DevicePrefetcher.repeating(last, trainStep, device)) {
                return measure(trainStep, ema, feed, ready);
            }
        }
    }

    private Result measure(TrainStep trainStep, Optional<Ema> ema, DevicePrefetcher feed, DevicePrefetcher ready) {
        long readyNanos = 0;
        long trainNanos = 0;
        long waitBefore = feed.waitNanos();
        for (int block = 0; block < blocks; block++) {
            long begin = System.nanoTime();
            for (int i = 0; i < stepsPerBlock; i++) {
                step(trainStep, ema, ready.next());
            }
            long middle = System.nanoTime();
            for (int i = 0; i < stepsPerBlock; i++) {
                step(trainStep, ema, feed.next());
            }
            readyNanos += middle - begin;
            trainNanos += System.nanoTime() - middle;
        }
        double images = (double) blocks * stepsPerBlock * recipe.train().batch() * 1e9;
        double wait = feed.waitNanos() - waitBefore;
        return new Result(images / readyNanos, images / trainNanos, wait / trainNanos);
    }

    private static void step(TrainStep trainStep, Optional<Ema> ema, StepBatches loaded) {
        trainStep.run(loaded.batches(), StepHyperparameters.OF_BENCHMARKS);
        ema.ifPresent(Ema::update);
    }
}
