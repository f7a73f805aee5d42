package yolompi.distributed;

import java.nio.file.Path;
import java.util.List;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.World;
import yolompi.recipe.DistRecipe;

/** Communicator of a job with one process: every collective returns its own input. */
public final class SingleProcess implements Communicator {
    private final World world = World.alone(Host.name());
    private final RankStatus status = new RankStatus();

    @Override
    public World world() {
        return world;
    }

    @Override
    public List<byte[]> allGather(byte[] own) {
        return List.of(own);
    }

    @Override
    public byte[] broadcast(byte[] fromFirst) {
        return fromFirst;
    }

    @Override
    public double[] sum(double... values) {
        return values;
    }

    @Override
    public RankStatus status() {
        return status;
    }

    @Override
    public void bearWith(DistRecipe recipe) {}

    @Override
    public void fail(String message) {}

    /** Ignores the action: with one process, shutdown hooks suffice. */
    @Override
    public void beforeEnd(Runnable lastAct) {}

    @Override
    public void logFailuresTo(Path file) {}

    @Override
    public void close() {}
}
