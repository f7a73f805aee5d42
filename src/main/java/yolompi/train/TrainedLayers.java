package yolompi.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import yolompi.dist.DataParallel;
import yolompi.dist.ExposedTime;
import yolompi.dist.GradientReducer;
import yolompi.dist.RankStatus;
import yolompi.dist.TensorGroup;
import yolompi.recipe.DistRecipe;

/**
 * What steps change now: the layers that are not frozen, with their gradients on every device and all that makes those of several devices and
 * ranks one. When frozen layers begin to be trained, it is closed and made anew.
 *
 * @param gradients of each device
 * @param statistics that the forward pass moves
 */
record TrainedLayers(
        DataParallel dataParallel,
        List<Gradients> gradients,
        List<Tensor> statistics,
        GradientReducer reducer,
        ExposedTime exposed)
        implements AutoCloseable {
    /** Gives every parameter that is not frozen a gradient; not within a pointer scope, which would free it; collective. */
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
