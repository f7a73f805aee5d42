package yolompi.distributed;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import yolompi.distributed.ddp.GradientReducer;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.World;
import yolompi.recipe.DistRecipe;

/**
 * Exchanges metadata between ranks: recipes, fingerprints, detections, decisions. Gradients go
 * through {@link GradientReducer}.
 *
 * <p>Methods that exchange something are collective: all ranks call them in the same order.
 */
public sealed interface Communicator extends AutoCloseable permits Communicator.SingleProcess, MpiCommunicator {
    /**
     * Joins the job that this process was started in: over MPI if a launcher ({@code mpirun},
     * {@code srun --mpi=pmix}) started it, otherwise as a world of one.
     */
    static Communicator join() {
        return MpiCommunicator.launched() ? MpiCommunicator.start() : alone();
    }

    /** A world of one, even under a launcher. */
    static Communicator alone() {
        return new SingleProcess();
    }

    World world();

    /** Gathers the bytes of every rank, in the order of the ranks. */
    List<byte[]> allGather(byte[] own);

    /** Returns the bytes of rank 0. */
    byte[] broadcast(byte[] fromFirst);

    /** All-reduces the sums over all ranks, element by element. */
    double[] allReduceSum(double... values);

    /** Activity of this rank, for reports of ranks that fail or stall. */
    RankStatus status();

    /** Sets the stall time-outs. */
    void setStallTimeouts(DistRecipe recipe);

    /**
     * Ends all ranks because this one failed, and prints one report: the failed rank, what it was
     * doing, and who waited.
     *
     * <p>Does not return unless this process is alone. Call it before closing connections to other
     * ranks, or those fail too.
     */
    void fail(String message);

    /**
     * Sets a cleanup action for when the job is ended from outside or by another rank's failure, if
     * time permits.
     */
    void runBeforeExit(Runnable lastAct);

    /** Sets a file to which the rank that reports a failure also appends the report. */
    void logFailuresTo(Path file);

    /** Leaves the job. Waits until all ranks do. */
    @Override
    void close();

    /** Whether the value is true on any rank. Collective. */
    default boolean any(boolean own) {
        return allReduceSum(own ? 1 : 0)[0] > 0;
    }

    /** Returns the text of rank 0. */
    default String broadcast(String fromFirst) {
        return new String(broadcast(fromFirst.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** Returns the numbers of rank 0. */
    default double[] broadcast(double... fromFirst) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * fromFirst.length);
        bytes.asDoubleBuffer().put(fromFirst);
        DoubleBuffer received = ByteBuffer.wrap(broadcast(bytes.array())).asDoubleBuffer();
        double[] numbers = new double[received.remaining()];
        received.get(numbers);
        return numbers;
    }

    /** Gathers the text of every rank, in the order of the ranks. */
    default List<String> allGather(String own) {
        return allGather(own.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    /** Communicator of a job with one process: every collective returns its own input. */
    final class SingleProcess implements Communicator {
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
        public double[] allReduceSum(double... values) {
            return values;
        }

        @Override
        public RankStatus status() {
            return status;
        }

        @Override
        public void setStallTimeouts(DistRecipe recipe) {}

        @Override
        public void fail(String message) {}

        /** Ignores the action: with one process, shutdown hooks suffice. */
        @Override
        public void runBeforeExit(Runnable lastAct) {}

        @Override
        public void logFailuresTo(Path file) {}

        @Override
        public void close() {}
    }
}
