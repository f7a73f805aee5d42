package yolompi.dist;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import yolompi.recipe.DistRecipe;

/**
 * Metadata between ranks: recipes, fingerprints, detections, decisions. Methods that exchange something are collective: all ranks call them,
 * in the same order. Not for gradients, which {@link GradientReducer} moves.
 */
public sealed interface Communicator extends AutoCloseable permits SingleProcess, MpiCommunicator {
    /**
     * Joins the job that this process was started in: MPI where a launcher ({@code mpirun}, {@code srun --mpi=pmix}) started it, otherwise a
     * world of one.
     */
    static Communicator join() {
        return MpiCommunicator.launched() ? MpiCommunicator.start() : alone();
    }

    /** A job of this process alone, whatever started it. */
    static Communicator alone() {
        return new SingleProcess();
    }

    World world();

    /** What every rank gave, by rank. */
    List<byte[]> allGather(byte[] own);

    /** What rank 0 gave. */
    byte[] broadcast(byte[] fromFirst);

    /** The sums over all ranks, element by element. */
    double[] sum(double... values);

    /** Where this rank says what it is doing, for the report on a rank that fails or stalls. */
    RankStatus status();

    /** How long the ranks bear with one that stalls, from now on. */
    void bearWith(DistRecipe recipe);

    /**
     * Ends all ranks because this one failed, and tells the user once which did, what it was doing and who was waiting. Does not return, unless
     * this process is alone. Call it before connections to other ranks close, else these fail, too.
     */
    void fail(String message);

    /** Has something removed when the job is ended from outside or by another rank's failure, if there is time. */
    void beforeEnd(Runnable lastAct);

    /** Has what ends the job written to the end of a file, too, from now on; by rank 0, or whoever tells it instead. */
    void logFailuresTo(Path file);

    /** Leaves the job; waits until all ranks do. */
    @Override
    void close();

    /** Whether any rank says so. */
    default boolean any(boolean own) {
        return sum(own ? 1 : 0)[0] > 0;
    }

    /** Text from rank 0. */
    default String broadcast(String fromFirst) {
        return new String(broadcast(fromFirst.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** Numbers from rank 0. */
    default double[] broadcast(double... fromFirst) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * fromFirst.length);
        bytes.asDoubleBuffer().put(fromFirst);
        DoubleBuffer received = ByteBuffer.wrap(broadcast(bytes.array())).asDoubleBuffer();
        double[] numbers = new double[received.remaining()];
        received.get(numbers);
        return numbers;
    }

    /** Text from every rank, by rank. */
    default List<String> allGather(String own) {
        return allGather(own.getBytes(StandardCharsets.UTF_8)).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }
}
