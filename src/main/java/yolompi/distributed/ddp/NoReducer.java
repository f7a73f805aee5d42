package yolompi.distributed.ddp;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Does nothing: one rank's gradients are the gradients of all. */
record NoReducer() implements GradientReducer {
    @Override
    public boolean learnsFromFirstPass() {
        return false;
    }

    @Override
    public void beforeForward() {}

    @Override
    public void beforeBackward(List<Tensor> outputs) {}

    @Override
    public void afterBackward() {}

    @Override
    public void close() {}
}
