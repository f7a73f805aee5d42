package yolompi.distributed.collective;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.World;
import yolompi.io.DaemonThreads;
import yolompi.torch.Tensors;

/**
 * Process group over Open MPI, for interconnects that only MPI supports.
 *
 * <p>One thread runs the collectives in order. CPU tensors are exchanged in place, GPU tensors are
 * copied through host memory.
 */
public final class MpiProcessGroup implements ProcessGroup {
    /**
     * Pause between polls. Open MPI's own wait spins, and would take the CPU from the backward
     * pass.
     */
    private static final long PAUSE_NANOS = 20_000;

    private final World world;
    private final RankStatus status;
    private final String description;
    private final Intracomm ranks;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("mpi-tensors"));

    private MpiProcessGroup(Communicator job, String description, Intracomm ranks) {
        this.world = job.world();
        this.status = job.status();
        this.description = description;
        this.ranks = ranks;
    }

    /** Duplicates the communicator, so that tensors never mix with metadata. Collective. */
    public static MpiProcessGroup meet(Communicator job, String description) {
        try {
            return new MpiProcessGroup(job, description, MPI.COMM_WORLD.dup());
        } catch (MPIException e) {
            throw failed("dup", e);
        }
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
        later(() -> inHostMemory(tensor, host -> {
                    ByteBuffer bytes = Tensors.storage(host);
                    finish(ranks.iBcast(bytes, bytes.remaining(), MPI.BYTE, 0));
                }))
                .await();
    }

    @Override
    public Pending allReduceSum(Tensor tensor) {
        return later(() -> inHostMemory(tensor, host -> {
            if (host.scalar_type().intern() == ScalarType.Float) {
                sumFloats(host);
            } else {
                sumHalves(host);
            }
        }));
    }

    private void sumFloats(Tensor host) throws MPIException {
        ByteBuffer bytes = Tensors.storage(host);
        finish(ranks.iAllReduce(bytes, bytes.remaining() / Float.BYTES, MPI.FLOAT, MPI.SUM));
    }

    /**
     * All-reduce of 16-bit floats, which MPI does not support.
     *
     * <p>Each rank sums one part of all tensors in float32, and sends the rounded sums to all. This
     * moves as many bytes as an all-reduce of 16-bit floats, and rounds once instead of at each
     * addition.
     */
    private void sumHalves(Tensor host) throws MPIException {
        int size = world.size();
        long count = host.numel();
        long part = (count + size - 1) / size;
        Tensor flat = host.as_strided(new long[] {count}, new long[] {1});
        Tensor sent = host.new_zeros(size * part);
        sent.narrow(0, 0, count).copy_(flat);
        Tensor received = host.new_empty(size * part);
        ByteBuffer to = Tensors.storage(sent);
        ByteBuffer from = Tensors.storage(received);
        int partBytes = Math.toIntExact(part * host.element_size());
        finish(ranks.iAllToAll(to, partBytes, MPI.BYTE, from, partBytes, MPI.BYTE));
        Tensor sums = received.view(size, part)
                .to(ScalarType.Float)
                .sum(0)
                .to(host.scalar_type().intern());
        ByteBuffer own = Tensors.storage(sums);
        finish(ranks.iAllGather(own, partBytes, MPI.BYTE, from, partBytes, MPI.BYTE));
        flat.copy_(received.narrow(0, 0, count));
    }

    private interface Exchange {
        void run(Tensor host) throws MPIException;
    }

    private static void inHostMemory(Tensor tensor, Exchange exchange) throws MPIException {
        try (PointerScope scope = new PointerScope()) {
            Tensor host = tensor.cpu();
            exchange.run(host);
            if (tensor.is_cuda()) {
                tensor.copy_(host);
            }
        }
    }

    private static void finish(Request request) throws MPIException {
        while (!request.test()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private interface Task {
        void run() throws MPIException;
    }

    private Pending later(Task task) {
        Future<?> done = thread.submit(() -> {
            task.run();
            return null;
        });
        return () -> status.waitsFor(() -> await(done));
    }

    private static void await(Future<?> done) {
        try {
            done.get();
        } catch (ExecutionException e) {
            throw failed("tensor exchange", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("tensor exchange", e);
        }
    }

    private static IllegalStateException failed(String what, Throwable cause) {
        return new IllegalStateException(
                "MPI " + what + " failed on " + Host.name() + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            ranks.free();
        } catch (MPIException e) {
            throw failed("free", e);
        }
    }
}
