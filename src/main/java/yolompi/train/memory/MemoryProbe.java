package yolompi.train.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import yolompi.data.Batch;
import yolompi.data.SampleRef;
import yolompi.data.augment.Augmenter;
import yolompi.data.sampler.MultiScale;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.optim.Ema;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.train.step.TrainStep;
import yolompi.weights.TrainingTensors;

/**
 * Steps of this rank only, on gray images, with everything that training keeps in memory, to
 * measure their memory. Closing it frees all of it.
 */
public final class MemoryProbe implements AutoCloseable {
    private static final int BOXES = 10; // per image: the loss needs little memory compared with the layers

    private final PointerScope scope = new PointerScope();
    private final Communicator alone = Communicator.alone();
    private final Recipe recipe;
    private final ProcessGroup group;
    private final TrainStep step;
    private final long stateBytes;

    MemoryProbe(Recipe recipe, Architecture architecture, DeviceContext device) {
        this.recipe = recipe;
        this.group = ProcessGroups.create(alone, recipe.dist(), device.onGpu());
        Network network = TrainStep.network(architecture, recipe, group, device);
        this.step = new TrainStep(network, recipe, alone, group, device);
        if (recipe.model().unfreezeEpoch() > 0) {
            step.unfreeze(); // needs more memory than the frozen phase
        }
        Optional<Ema> ema = Ema.of(network, recipe, device);
        this.stateBytes = new TrainingTensors(network, ema, step.state())
                .tensors().stream()
                        .mapToLong(tensor -> tensor.numel() * tensor.element_size())
                        .sum();
    }

    /** Bytes of all tensors in a checkpoint. */
    long stateBytes() {
        return stateBytes;
    }

    /** Runs one step with this many images at once on each replica; returns its seconds. */
    double run(int images) {
        long begin = System.nanoTime();
        Batch batch =
                grayBatch(images, MultiScale.of(recipe.data(), recipe.seed()).largest());
        step.run(Collections.nCopies(recipe.dist().replicas(), batch), StepHyperparameters.of(0, 0));
        return (System.nanoTime() - begin) / 1e9;
    }

    /**
     * Creates a batch with the cost of a real one: gray images of {@code size} × {@code size}
     * pixels, each with ten centered boxes of class 0 and of all sizes.
     */
    public static Batch grayBatch(int images, int size) {
        byte[] pixels = new byte[Batch.bytesOf(images, size)];
        Arrays.fill(pixels, (byte) Augmenter.PADDING);
        List<SampleRef> samples = new ArrayList<>();
        float[] boxes = new float[6 * BOXES * images];
        for (int image = 0; image < images; image++) {
            samples.add(new SampleRef(0, image));
            for (int box = 0; box < BOXES; box++) {
                float edge = size * (1 + box) / (BOXES + 1f);
                float[] row = {image, 0, size / 2f, size / 2f, edge, edge};
                System.arraycopy(row, 0, boxes, row.length * (image * BOXES + box), row.length);
            }
        }
        return new Batch(samples, size, pixels, boxes);
    }

    @Override
    public void close() {
        step.close();
        group.close();
        alone.close();
        scope.close();
    }
}
