package yolompi.train.step;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.data.PackedShapes;
import yolompi.data.StepBatches;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.torch.Tensors;
import yolompi.weights.TrainingTensors;

/**
 * A network that this process trains alone on random images: the same weights and images on every
 * device and in every precision.
 */
final class StepRun implements AutoCloseable {
    private static final int CLASSES = 3;

    private final Network network;
    private final List<Batch> batches;
    private final Communicator alone = Communicator.alone();
    private final ProcessGroup group;
    private final TrainStep step;
    private final DeviceContext device;

    /** Trains a yolov3-tiny. */
    StepRun(DeviceContext device, int images, int size, String... changes) {
        this("yolov3-tiny", device, images, size, changes);
    }

    /** Trains the layers of yolov3-tiny with a sixteenth of its filters. */
    static StepRun slim(DeviceContext device, int images, int size, String... changes) {
        return new StepRun(PackedShapes.SLIM_TINY, device, images, size, changes);
    }

    private StepRun(String architecture, DeviceContext device, int images, int size, String... changes) {
        Recipe recipe = RecipeFile.parse("test", "train.batch = " + images, List.of(changes));
        this.network =
                new Network(ArchitectureReader.read(architecture, List.of(), CLASSES), 1, device, Optional.empty());
        this.batches = List.of(RandomBatches.of(1, 1 + images, size, CLASSES));
        this.group = ProcessGroups.create(alone, recipe.dist(), device.onGpu());
        this.step = new TrainStep(network, recipe, alone, group, device);
        this.device = device;
    }

    TrainStep.Result run() {
        return step.run(batches, StepHyperparameters.of(0.01, 0.9));
    }

    /** Runs steps with prefetched images; returns the last loss. */
    double feed(int steps) {
        double loss = Double.NaN;
        try (DevicePrefetcher feed = DevicePrefetcher.repeating(new StepBatches(0, batches), step, device)) {
            for (int i = 0; i < steps; i++) {
                loss = step.run(feed.next().batches(), StepHyperparameters.of(0.01, 0.9))
                        .loss();
            }
        }
        return loss;
    }

    /** The loss of the next step, without running it. */
    double loss() {
        return Tensors.toDoubles(step.gradients(batches))[0];
    }

    /** All gradients of the last step, concatenated and divided by the loss scale. */
    float[] gradients() {
        float[] gradients = flat(network.parameters().stream()
                .map(parameter -> parameter.tensor().grad()));
        double factor =
                lossScale().map(state -> (double) Tensors.toFloats(state)[0]).orElse(1.0);
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = (float) (gradients[i] / factor);
        }
        return gradients;
    }

    /** Weights and running statistics, concatenated. */
    float[] weights() {
        return flat(TrainingTensors.all(network).stream().map(Parameter::tensor));
    }

    /** Sets the loss scale; its initial value is too large for so few images. */
    void scaleLoss(float factor) {
        lossScale().orElseThrow().copy_(Tensors.ofFloats(new float[] {factor, 0}, 2));
    }

    /** The state of the loss scale, starting with the factor; empty if the precision needs none. */
    Optional<Tensor> lossScale() {
        return step.state().stream()
                .filter(parameter -> parameter.name().equals("loss_scale"))
                .map(Parameter::tensor)
                .findFirst();
    }

    /** Norm of the difference divided by the norm of the expected values. */
    static double relativeError(float[] found, float[] expected) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) found[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / length);
    }

    private static float[] flat(Stream<Tensor> tensors) {
        List<float[]> parts = tensors.map(Tensors::toFloats).toList();
        FloatBuffer all = FloatBuffer.allocate(
                parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }

    @Override
    public void close() {
        step.close();
        group.close();
        alone.close();
    }
}
