package yolompi.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import yolompi.data.Augmenter;
import yolompi.data.Batch;
import yolompi.data.InputSizes;
import yolompi.data.SampleRef;
import yolompi.dist.Backends;
import yolompi.dist.Communicator;
import yolompi.dist.TensorGroup;
import yolompi.model.Network;
import yolompi.recipe.Recipe;

/** Steps of this rank alone, on grey images, with all that training holds: to see what memory they take. All of it is freed in the end. */
final class ProbeSteps implements AutoCloseable {
    private static final byte GREY = (byte) Augmenter.PADDING;
    private static final int BOXES = 10; // an image: the loss takes little memory beside the layers

    private final PointerScope scope = new PointerScope();
    private final Communicator alone = Communicator.alone();
    private final Recipe recipe;
    private final TensorGroup group;
    private final TrainStep step;
    private final long stateBytes;

    ProbeSteps(TrainingSetup setup) {
        this.recipe = setup.recipe();
        this.group = Backends.meet(alone, recipe.dist(), setup.compute().onGpu());
        Network network = setup.network(group);
        this.step = new TrainStep(network, recipe, alone, group, setup.compute());
        if (recipe.model().unfreezeEpoch() > 0) {
            step.trainAllLayers(); // which takes more than what comes before
        }
        Optional<Ema> ema = Ema.of(network, setup);
        this.stateBytes = new TrainingTensors(network, ema, step.state())
                .tensors().stream()
                        .mapToLong(tensor -> tensor.numel() * tensor.element_size())
                        .sum();
    }

    /** Bytes of all that a checkpoint holds. */
    long stateBytes() {
        return stateBytes;
    }

    /** One step with so many images at once on each replica; returns its seconds. */
    double run(int images) {
        long begin = System.nanoTime();
        step.run(Collections.nCopies(recipe.dist().replicas(), batch(images)), Rates.of(0, 0));
        return (System.nanoTime() - begin) / 1e9;
    }

    private Batch batch(int images) {
        int size = InputSizes.of(recipe.data(), recipe.seed()).largest();
        byte[] pixels = new byte[Math.multiplyExact(images, 3 * size * size)];
        Arrays.fill(pixels, GREY);
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
