package yolompi.distributed.collective;

import org.bytedeco.pytorch.Tensor;
import yolompi.distributed.world.World;

/** Process group of one rank: every collective is a no-op. */
public record SingleGroup(World world) implements TensorGroup {
    @Override
    public String describe() {
        return "none (one rank)";
    }

    @Override
    public void broadcast(Tensor tensor) {}

    @Override
    public Pending sum(Tensor tensor) {
        return () -> {};
    }

    @Override
    public void close() {}
}
