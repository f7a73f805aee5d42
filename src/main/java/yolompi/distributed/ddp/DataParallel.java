package yolompi.distributed.ddp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import yolompi.io.DaemonThreads;

/**
 * Data parallelism over several devices in one process, for use without a launcher.
 *
 * <p>Each device has a copy of the network and its own thread. Weights are replicated to all
 * devices, the work is scattered over them, and gradients are reduced on the first.
 */
public final class DataParallel implements AutoCloseable {
    private final List<Replica> replicas;
    private final ExecutorService threads;

    /**
     * Tensors of one device.
     *
     * @param parameters with gradients; all three lists have the same order on all devices
     * @param statistics running statistics, which the forward pass updates
     * @param others tensors that are equal on all devices
     */
    public record Replica(List<Tensor> parameters, List<Tensor> statistics, List<Tensor> others) {
        private List<Tensor> all() {
            return Stream.of(parameters, statistics, others)
                    .flatMap(List::stream)
                    .toList();
        }
    }

    /** Computes one piece of a step on one replica. */
    public interface Work<T> {
        T run(int replica, int piece);
    }

    /**
     * Takes at least one replica, in the order of the devices. The first one holds the state of the
     * training.
     */
    public DataParallel(List<Replica> replicas) {
        this.replicas = List.copyOf(replicas);
        this.threads = Executors.newFixedThreadPool(replicas.size(), DaemonThreads.named("replica"));
    }

    /** Copies the first device's tensors to all others. */
    public void replicate() {
        try (NoGradGuard constant = new NoGradGuard()) {
            List<Tensor> first = replicas.get(0).all();
            for (Replica other : replicas.subList(1, replicas.size())) {
                List<Tensor> copies = other.all();
                for (int i = 0; i < copies.size(); i++) {
                    copies.get(i).copy_(first.get(i));
                }
            }
        }
    }

    /**
     * Runs the pieces of a step: piece i on replica i modulo the number of replicas. Returns the
     * results in the order of the pieces.
     */
    public <T> List<T> scatter(int pieces, Work<T> work) {
        List<List<T>> byReplica = runAll(replicas.size(), replica -> {
            List<T> results = new ArrayList<>();
            for (int piece = replica; piece < pieces; piece += replicas.size()) {
                results.add(work.run(replica, piece));
            }
            return results;
        });
        List<T> results = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            results.add(byReplica.get(piece % replicas.size()).get(piece / replicas.size()));
        }
        return results;
    }

    private interface OnReplica<T> {
        T run(int replica);
    }

    private <T> List<T> runAll(int count, OnReplica<T> work) {
        List<Callable<T>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int replica = i;
            tasks.add(() -> work.run(replica));
        }
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the replicas", e);
        }
    }

    /**
     * Adds all replicas' gradients to those of the first, and averages the running statistics
     * there.
     *
     * @param pieces number of pieces of the step; replicas beyond that number had no work
     */
    public void reduce(int pieces) {
        int used = Math.min(pieces, replicas.size());
        Replica first = replicas.get(0);
        try (PointerScope scope = new PointerScope();
                NoGradGuard constant = new NoGradGuard()) {
            for (Replica other : replicas.subList(1, used)) {
                for (int i = 0; i < first.parameters().size(); i++) {
                    Tensor sum = first.parameters().get(i).grad();
                    sum.add_(other.parameters().get(i).grad().to(sum));
                }
                for (int i = 0; i < first.statistics().size(); i++) {
                    Tensor sum = first.statistics().get(i);
                    sum.add_(other.statistics().get(i).to(sum));
                }
            }
            if (used > 1) {
                first.statistics().forEach(sum -> sum.div_(new Scalar(used)));
            }
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
