package yolompi.dist;

import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.BackendOptional;
import org.bytedeco.pytorch.ProcessGroup;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * LibTorch's process group of all ranks, over Gloo. Rank 0 opens a store on a free port, MPI tells the others where, and everyone meets there.
 */
public final class GradientGroup implements AutoCloseable {
    private final World world;
    private final ProcessGroup group;
    private final ProcessGroupGloo backend;
    private final TCPStore store;

    private GradientGroup(World world, ProcessGroup group, ProcessGroupGloo backend, TCPStore store) {
        this.world = world;
        this.group = group;
        this.backend = backend;
        this.store = store;
    }

    /**
     * Meets the other ranks; collective.
     *
     * @param timeoutSeconds a later collective that takes longer fails
     */
    public static GradientGroup meet(Communicator ranks, int timeoutSeconds) {
        World world = ranks.world();
        Milliseconds timeout = new Milliseconds(1000L * timeoutSeconds);
        String host = world.localSize() == world.size() ? "127.0.0.1" : world.host();
        TCPStore store = world.isFirst() ? serve(ranks, host, timeout) : connect(ranks.broadcast(""), timeout);
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout);
        options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(host));
        ProcessGroupGloo backend = new ProcessGroupGloo(store, world.rank(), world.size(), options);
        ProcessGroup group = new ProcessGroup(world.rank(), world.size());
        group.setBackend(DeviceType.CPU, ProcessGroup.BackendType.GLOO, new BackendOptional(backend));
        return new GradientGroup(world, group, backend, store);
    }

    private static TCPStore serve(Communicator ranks, String host, Milliseconds timeout) {
        TCPStore store = store(host, 0, true, timeout);
        ranks.broadcast(host + " " + Short.toUnsignedInt(store.getPort()));
        return store;
    }

    private static TCPStore connect(String hostAndPort, Milliseconds timeout) {
        String[] parts = hostAndPort.split(" ", 2);
        return store(parts[0], Integer.parseInt(parts[1]), false, timeout);
    }

    private static TCPStore store(String host, int port, boolean server, Milliseconds timeout) {
        TCPStoreOptions options = new TCPStoreOptions();
        options.port((short) port);
        options.isServer(server);
        options.waitWorkers(false);
        options.timeout(timeout);
        return new TCPStore(host, options);
    }

    ProcessGroup processGroup() {
        return group;
    }

    /** Gives every rank rank 0's values; collective. */
    public void broadcast(Tensor tensor) {
        group.broadcast(new TensorVector(tensor))._wait();
    }

    /** Replaces the values by their mean over all ranks; collective. */
    public void average(Tensor tensor) {
        group.allreduce(new TensorVector(tensor))._wait();
        tensor.div_(new Scalar(world.size()));
    }

    @Override
    public void close() {
        group.close();
        backend.close();
        store.close();
    }
}
