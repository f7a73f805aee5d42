package yolompi.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.distributed.ddp.DataParallel;
import yolompi.distributed.ddp.GradientReducer;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.model.FrozenLayers;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.train.step.DeviceBatches.DeviceBatch;

/** Several devices of one process, each with a copy of the network: {@link DataParallel}. */
final class Replicas implements StepDevices {
    private final List<MicroStep> devices = new ArrayList<>();
    private Optional<DataParallel> parallel = Optional.empty();

    /**
     * Creates a copy of the network on each further device.
     *
     * @param first device that holds the state of the training
     * @param device the first device
     */
    Replicas(MicroStep first, Recipe recipe, DeviceContext device, RankStatus status) {
        devices.add(first);
        for (int replica = 1; replica < recipe.dist().replicas(); replica++) {
            DeviceContext other = device.replica(replica);
            Network copy = new Network(first.network().architecture(), recipe.seed(), other, Optional.empty());
            devices.add(new MicroStep(copy, recipe, other, status));
        }
    }

    @Override
    public void freeze(FrozenLayers layers) {
        close();
        devices.forEach(device -> device.freeze(layers));
        parallel = Optional.of(
                new DataParallel(devices.stream().map(MicroStep::replica).toList()));
    }

    @Override
    public void clearGradients() {
        devices.forEach(MicroStep::clearGradients);
    }

    /** Copies the weights to all devices, spreads the micro-batches, and sums up the gradients. */
    @Override
    public List<Tensor> backward(List<DeviceBatch> batches, double divisor, double factor, GradientReducer reducer) {
        int last = batches.size() - 1;
        DataParallel all = parallel.orElseThrow();
        all.replicate();
        List<Tensor> losses = all.scatter(batches.size(), (device, i) -> devices.get(device)
                .backward(List.of(batches.get(i)), divisor, factor, i == last ? reducer : GradientReducer.NONE)
                .get(0));
        all.reduce(batches.size());
        return losses;
    }

    /** Does nothing: only one device has its micro-batches prepared in advance. */
    @Override
    public void stage(Batch batch) {}

    @Override
    public void close() {
        parallel.ifPresent(DataParallel::close);
    }
}
