package yolompi.dist;

import java.util.List;

/** A job of one process: nothing to exchange. */
final class SingleProcess implements Communicator {
    private final World world = World.alone(Host.name());

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
    public void abort(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public void close() {}
}
