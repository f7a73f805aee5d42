package yolompi.train.step;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import yolompi.distributed.collective.TensorGroup;
import yolompi.distributed.ddp.DataParallel;
import yolompi.distributed.ddp.ExposedTime;
import yolompi.distributed.ddp.GradientReducer;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.recipe.DistRecipe;

/**
 * What steps change: the layers that are not frozen, their gradients on every device, and what
 * combines the gradients of devices and ranks. When frozen layers become trained, it is closed and
 * created again.
 *
 * @param gradients of each device
 * @param statistics running statistics that the forward pass updates
 */
record TrainedLayers(
        DataParallel dataParallel,
        List<Gradients> gradients,
        List<Tensor> statistics,
        GradientReducer reducer,
        ExposedTime exposed)
        implements AutoCloseable {
    /**
     * Gives every parameter that is not frozen a gradient; collective. Do not call it within a
     * pointer scope, which would free them.
     */
    static TrainedLayers of(List<MicroStep> devices, TensorGroup group, DistRecipe recipe, RankStatus status) {
        List<DataParallel.Replica> replicas =
                devices.stream().map(MicroStep::replica).toList();
        List<Gradients> gradients = replicas.stream()
                .map(replica -> new Gradients(replica.parameters()))
                .toList();
        DataParallel.Replica first = replicas.get(0);
        GradientReducer reducer = GradientReducer.of(group, first.parameters(), recipe);
        if (reducer.learnsFromFirstPass()) {
            devices.get(0).rehearse(reducer);
        }
        return new TrainedLayers(
                new DataParallel(replicas),
                gradients,
                first.statistics(),
                reducer,
                new ExposedTime(first.parameters().get(0), status));
    }

    @Override
    public void close() {
        reducer.close();
        exposed.close();
        dataParallel.close();
    }
}
