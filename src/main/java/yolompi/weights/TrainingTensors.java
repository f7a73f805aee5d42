package yolompi.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import yolompi.InputException;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.TensorBytes;
import yolompi.checkpoint.TensorBytes.HostCopy;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.optim.Ema;
import yolompi.optim.LossScale;

/** All tensors that determine how a training continues, with their names in a checkpoint. */
public final class TrainingTensors {
    /** Prefix of the trained weights and running statistics. */
    static final String MODEL = "model/";

    /** Prefix of their moving average, if the recipe turns it on. */
    static final String EMA = "ema/";

    /** Prefix of the optimizer state. */
    static final String OPTIMIZER = "optimizer/";

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    public TrainingTensors(Network network, Optional<Ema> ema, List<Parameter> state) {
        add(MODEL, all(network));
        ema.ifPresent(average -> add(EMA, all(average.network())));
        add(OPTIMIZER, state);
    }

    /** Returns the weights and running statistics of a network. */
    public static List<Parameter> all(Network network) {
        return Stream.concat(network.parameters().stream(), network.buffers().stream())
                .toList();
    }

    private void add(String prefix, List<Parameter> parameters) {
        parameters.forEach(parameter -> tensors.put(prefix + parameter.name(), parameter.tensor()));
    }

    public List<Tensor> tensors() {
        return List.copyOf(tensors.values());
    }

    /**
     * Returns the current values in native memory, which the pointer scope around the call frees.
     */
    public List<NamedTensor> views() {
        List<NamedTensor> views = new ArrayList<>();
        tensors.forEach((name, tensor) -> views.add(TensorBytes.viewOf(name, tensor)));
        return views;
    }

    /** Creates host buffers for a copy of all tensors. */
    public HostCopy hostCopy() {
        return new HostCopy(tensors);
    }

    public void restore(String source, Checkpoint checkpoint) {
        boolean averaged =
                checkpoint.tensors().stream().anyMatch(tensor -> tensor.name().startsWith(EMA));
        if (!averaged && tensors.keySet().stream().anyMatch(name -> name.startsWith(EMA))) {
            throw new InputException(source + ": has no moving average of the weights, but train.ema_decay is above 0;"
                    + " resume with train.ema_decay = 0, as before, or choose another --run-dir");
        }
        tensors.forEach((name, tensor) -> {
            // A run in another precision had no loss scale: start with the initial one.
            boolean needless = name.equals(OPTIMIZER + LossScale.NAME)
                    && checkpoint.tensor(name).isEmpty();
            if (!needless) {
                TensorBytes.restore(source, checkpoint, name, tensor);
            }
        });
    }
}
