package yolompi.distributed.collective;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BackendOptional;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.World;
import yolompi.io.TextFields;

/**
 * Process group of LibTorch (NCCL or Gloo). Rank 0 opens a store on a free port and sends its
 * address over MPI; all ranks connect to it.
 */
public final class TorchProcessGroup implements ProcessGroup {
    /** Ranks that cannot connect must fail soon. */
    private static final int MAX_RENDEZVOUS_SECONDS = 60;

    private final World world;
    private final RankStatus status;
    private final String description;

    /**
     * Device that CPU tensors are copied to for the exchange. CPU means no copy; NCCL needs the
     * current GPU.
     */
    private final DeviceType home;

    private final org.bytedeco.pytorch.ProcessGroup group;
    private final Backend backend;
    private final MeetingPlace place;

    private TorchProcessGroup(
            Communicator ranks,
            String description,
            DeviceType home,
            org.bytedeco.pytorch.ProcessGroup group,
            Backend backend,
            MeetingPlace place) {
        this.world = ranks.world();
        this.status = ranks.status();
        this.description = description;
        this.home = home;
        this.group = group;
        this.backend = backend;
        this.place = place;
    }

    /** Opens Gloo over TCP, at the address of {@link Host#address}. */
    public static TorchProcessGroup gloo(Communicator ranks, String description, int timeoutSeconds) {
        Milliseconds meeting = milliseconds(Math.min(timeoutSeconds, MAX_RENDEZVOUS_SECONDS));
        World world = ranks.world();
        MeetingPlace place = meetingPlace(ranks, meeting);
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(meeting);
        options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(Host.address(world)));
        Backend backend = new ProcessGroupGloo(place.shared(), world.rank(), world.size(), options);
        backend.setTimeout(milliseconds(timeoutSeconds));
        org.bytedeco.pytorch.ProcessGroup group = new org.bytedeco.pytorch.ProcessGroup(world.rank(), world.size());
        // Gloo exchanges GPU tensors through host memory.
        for (DeviceType device : new DeviceType[] {DeviceType.CPU, DeviceType.CUDA}) {
            group.setBackend(device, org.bytedeco.pytorch.ProcessGroup.BackendType.GLOO, new BackendOptional(backend));
        }
        return new TorchProcessGroup(ranks, description, DeviceType.CPU, group, backend, place);
    }

    /**
     * Opens NCCL between GPUs. The current device of the calling thread must be the GPU of this
     * rank.
     *
     * <p>Runs one all-reduce, because NCCL connects the ranks only then. It refuses, for example,
     * if two ranks share a GPU.
     */
    static TorchProcessGroup nccl(Communicator ranks, String description, int timeoutSeconds) {
        World world = ranks.world();
        MeetingPlace place = meetingPlace(ranks, milliseconds(Math.min(timeoutSeconds, MAX_RENDEZVOUS_SECONDS)));
        Backend backend = NcclBackend.open(place.shared(), world, milliseconds(timeoutSeconds));
        org.bytedeco.pytorch.ProcessGroup group = new org.bytedeco.pytorch.ProcessGroup(world.rank(), world.size());
        group.setBackend(
                DeviceType.CUDA, org.bytedeco.pytorch.ProcessGroup.BackendType.NCCL, new BackendOptional(backend));
        TorchProcessGroup met = new TorchProcessGroup(ranks, description, DeviceType.CUDA, group, backend, place);
        Tensor one = torch.ones(1);
        met.allReduceSum(one).await();
        if (one.item_float() != world.size()) {
            throw new IllegalStateException(
                    "NCCL all-reduce of %d ones returned %g".formatted(world.size(), one.item_float()));
        }
        return met;
    }

    private static Milliseconds milliseconds(int seconds) {
        return new Milliseconds(1000L * seconds);
    }

    /**
     * Rendezvous store, through which the ranks find each other.
     *
     * @param own freed by this class. LibTorch must not hold it: JavaCPP frees a new store without
     *     regard to its reference count, unlike other reference-counted objects, and LibTorch would
     *     then write into freed memory
     * @param shared a second connection to the store, for LibTorch, which frees it after the last
     *     use
     */
    private record MeetingPlace(TCPStore own, Store shared) implements AutoCloseable {
        @Override
        public void close() {
            shared.close();
            own.close();
        }
    }

    private static MeetingPlace meetingPlace(Communicator ranks, Milliseconds timeout) {
        TCPStore own = store(ranks, timeout);
        return new MeetingPlace(own, own.clone());
    }

    /**
     * Rank 0 broadcasts even if it could not open the store, because the others wait for its
     * message.
     */
    private static TCPStore store(Communicator ranks, Milliseconds timeout) {
        if (!ranks.world().isRankZero()) {
            String place = ranks.broadcast("");
            if (place.isEmpty()) {
                throw new IllegalStateException("rank 0 could not open the rendezvous store");
            }
            List<String> address = TextFields.split(place, 2);
            return store(address.get(0), Integer.parseInt(address.get(1)), false, timeout);
        }
        String place = "";
        try {
            String host = Host.address(ranks.world());
            TCPStore store = store(host, 0, true, timeout);
            place = TextFields.join(host, Short.toUnsignedInt(store.getPort()));
            return store;
        } finally {
            ranks.broadcast(place);
        }
    }

    private static TCPStore store(String host, int port, boolean server, Milliseconds timeout) {
        TCPStoreOptions options = new TCPStoreOptions();
        options.port((short) port);
        options.isServer(server);
        options.waitWorkers(false);
        options.timeout(timeout);
        return new TCPStore(host, options);
    }

    public org.bytedeco.pytorch.ProcessGroup processGroup() {
        return group;
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public String describe() {
        return description;
    }

    @Override
    public void broadcast(Tensor tensor) {
        begin(tensor, group::broadcast).await();
    }

    @Override
    public Pending allReduceSum(Tensor tensor) {
        return begin(tensor, group::allreduce);
    }

    private Pending begin(Tensor tensor, Function<TensorVector, Work> exchange) {
        if (home == DeviceType.CPU || tensor.is_cuda()) {
            Work work = exchange.apply(new TensorVector(tensor));
            return () -> status.waitsFor(work::_wait);
        }
        Tensor away = tensor.cuda();
        Work work = exchange.apply(new TensorVector(away));
        return () -> {
            status.waitsFor(work::_wait);
            tensor.copy_(away);
        };
    }

    @Override
    public void close() {
        if (home == DeviceType.CUDA) {
            backend.shutdown(); // Gloo has no shutdown
        }
        group.close();
        backend.close();
        place.close();
    }
}
