package yolompi.train.memory;

import java.util.Collections;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import yolompi.data.Batch;
import yolompi.data.sampler.InputSizes;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.Backends;
import yolompi.distributed.collective.TensorGroup;
import yolompi.model.Network;
import yolompi.optim.Ema;
import yolompi.optim.Rates;
import yolompi.recipe.Recipe;
import yolompi.train.setup.TrainingSetup;
import yolompi.train.step.TrainStep;
import yolompi.weights.TrainingTensors;

/**
 * Steps of this rank only, on gray images, with everything that training keeps in memory, to
 * measure their memory. Closing it frees all of it.
 */
final class ProbeSteps implements AutoCloseable {
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
            step.trainAllLayers(); // needs more memory than the frozen phase
        }
        Optional<Ema> ema = Ema.of(network, setup.recipe(), setup.compute());
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
                GreyBatch.of(images, InputSizes.of(recipe.data(), recipe.seed()).largest());
        step.run(Collections.nCopies(recipe.dist().replicas(), batch), Rates.of(0, 0));
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() {
        step.close();
        group.close();
        alone.close();
        scope.close();
    }
}
