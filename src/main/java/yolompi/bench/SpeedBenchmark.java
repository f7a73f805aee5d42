package yolompi.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import yolompi.data.Batch;
import yolompi.data.StepBatches;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.distributed.device.DeviceChoice;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.train.memory.MemoryMeter;
import yolompi.train.memory.MemoryProbe;
import yolompi.train.step.DevicePrefetcher;
import yolompi.train.step.TrainStep;

/**
 * Measures how fast one process trains a network without input: it repeats the same ready batch.
 */
public final class SpeedBenchmark {
    private static final int WARM_UP_STEPS = 5;

    /**
     * Forward does one multiplication and one addition per weight and position; backward does twice
     * as many.
     */
    private static final int FORWARDS_A_STEP = 3;

    private SpeedBenchmark() {}

    /**
     * Result.
     *
     * @param millis of the median step
     * @param peakBytes of the device, or of the process on the CPU
     * @param teraflops per second, of the convolutions only
     */
    public record Result(double imagesPerSecond, double millis, long peakBytes, double teraflops) {}

    /** Runs steps with the recipe's whole batch at once. */
    public static Result run(Recipe recipe, Architecture architecture, int steps) {
        try (PointerScope scope = new PointerScope();
                Communicator alone = Communicator.alone()) {
            DeviceContext device = DeviceChoice.of(recipe, alone);
            MemoryMeter meter = MemoryMeter.of(device);
            meter.resetPeak();
            Batch batch =
                    MemoryProbe.grayBatch(recipe.train().batch(), recipe.data().size());
            Network network = new Network(architecture, recipe.seed(), device, Optional.empty());
            try (ProcessGroup group = ProcessGroups.create(alone, recipe.dist(), device.onGpu());
                    TrainStep step = new TrainStep(network, recipe, alone, group, device);
                    DevicePrefetcher feed =
                            DevicePrefetcher.repeating(new StepBatches(0, List.of(batch)), step, device)) {
                return measured(times(step, feed, steps), recipe, architecture, meter);
            }
        }
    }

    private static List<Long> times(TrainStep step, DevicePrefetcher feed, int steps) {
        List<Long> nanos = new ArrayList<>();
        for (int i = -WARM_UP_STEPS; i < steps; i++) {
            long begin = System.nanoTime();
            step.run(feed.next().batches(), StepHyperparameters.OF_BENCHMARKS);
            if (i >= 0) {
                nanos.add(System.nanoTime() - begin);
            }
        }
        return nanos;
    }

    private static Result measured(List<Long> nanos, Recipe recipe, Architecture architecture, MemoryMeter meter) {
        double median =
                nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
        double images = recipe.train().batch() * 1e9 / median;
        double gigaflops =
                FORWARDS_A_STEP * architecture.gigaflops(recipe.data().size());
        return new Result(images, median / 1e6, meter.peak(), images * gigaflops / 1e3);
    }
}
