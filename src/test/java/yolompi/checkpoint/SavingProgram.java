package yolompi.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import yolompi.checkpoint.NamedTensor.DType;
import yolompi.checkpoint.TrainState.RunTotals;
import yolompi.checkpoint.TrainState.TimeCosts;

/**
 * Saves checkpoints in the background, one after the other, until it is killed: {@code FOLDER}. It
 * continues after the newest checkpoint there, and prints the step of each checkpoint on disk.
 */
final class SavingProgram {
    static final int KEEP_LAST = 2;

    private SavingProgram() {}

    public static void main(String[] args) {
        CheckpointStore store = new CheckpointStore(Path.of(args[0]), KEEP_LAST);
        long step = store.newestValid(System.err::println)
                .map(found -> found.state().step())
                .orElse(0L);
        CheckpointWriter writer = new CheckpointWriter(store);
        while (writer.failure().isEmpty()) {
            step++;
            writer.begin(request(step));
            writer.await();
            System.out.println(step);
        }
        throw new IllegalStateException(writer.failure().get());
    }

    private static SaveRequest request(long step) {
        TrainState state = new TrainState(
                step, (int) (step / 3), (int) (step / 3), step, step, 0, 0, 0, RunTotals.START, TimeCosts.UNKNOWN);
        return new SaveRequest(
                state,
                step % 3 != 0,
                0.5,
                OptionalDouble.empty(),
                step % 5 == 0,
                step % 50 == 0,
                new Checkpoint(Map.of(), tensors(step)));
    }

    /** Tensors whose values depend only on the step. */
    static List<NamedTensor> tensors(long step) {
        Random random = new Random(step);
        return List.of(tensor("a", random, 30_000), tensor("b", random, 3), tensor("c", random, 100_000));
    }

    private static NamedTensor tensor(String name, Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new NamedTensor(name, DType.U8, new long[] {length}, ByteBuffer.wrap(bytes));
    }
}
