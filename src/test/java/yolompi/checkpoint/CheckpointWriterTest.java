package yolompi.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.checkpoint.TensorBytes.HostCopy;
import yolompi.checkpoint.TrainState.RunTotals;
import yolompi.checkpoint.TrainState.TimeCosts;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
final class CheckpointWriterTest {
    /** Large enough that the file is still being written after two calls. */
    private static final int LARGE = 16 << 20;

    @TempDir
    Path run;

    @Test
    void fileHoldsTheCopiedValuesWhileTensorsChange() {
        CheckpointWriter writer = new CheckpointWriter(new CheckpointStore(run.resolve("checkpoints"), 1));
        Tensor weights = Tensors.ofFloats(new float[LARGE], LARGE);
        Tensor steps = Tensors.ofLongs(new long[] {1L << 40}, 1);
        Map<String, Tensor> tensors = new LinkedHashMap<>(Map.of("weights", weights, "steps", steps));
        try (HostCopy copy = new HostCopy(tensors)) {
            writer.begin(request(1, copy.take()));
            assertThat(writer.isBusy()).isTrue();
            assertThatThrownBy(() -> writer.begin(request(2, List.of()))).hasMessage("a save is under way");
            weights.fill_(new Scalar(2f));
            steps.fill_(new Scalar(5));
            writer.await();

            Path first = writer.takeSaved().orElseThrow().file();
            assertThat(writer.takeSaved()).isEmpty();
            assertThat(valueOf(first)).isZero();
            TensorBytes.restore("first", Safetensors.read(first), "steps", steps);
            assertThat(Tensors.toLongs(steps)).containsExactly(1L << 40);

            writer.begin(request(2, copy.take()));
            writer.await();
            assertThat(valueOf(writer.takeSaved().orElseThrow().file())).isEqualTo(2f);
        }
    }

    @Test
    void copyReusesItsMemory() {
        Tensor weights = Tensors.ofFloats(new float[] {1, 2}, 2);
        try (HostCopy copy = new HostCopy(Map.of("weights", weights))) {
            NamedTensor first = copy.take().get(0);
            weights.fill_(new Scalar(3f));
            NamedTensor second = copy.take().get(0);

            assertThat(first.bytes().getFloat(4)).isEqualTo(3f);
            assertThat(second).isSameAs(first);
        }
    }

    @Test
    void failedSaveIsReportedAndNothingIsSavedAfterIt() throws IOException {
        Path inTheWay = Files.writeString(run.resolve("checkpoints"), "a file");
        CheckpointWriter writer = new CheckpointWriter(new CheckpointStore(inTheWay, 1));

        writer.begin(request(1, List.of()));
        writer.await();
        Files.delete(inTheWay);
        writer.begin(request(2, List.of()));
        writer.await();

        assertThat(writer.failure().orElseThrow()).contains(inTheWay + ": can't save a checkpoint");
        assertThat(writer.takeSaved()).isEmpty();
        assertThat(inTheWay).doesNotExist();
    }

    private static SaveRequest request(long step, List<NamedTensor> tensors) {
        TrainState state = new TrainState(step, 0, 0, step, step, 0, 0, 0, RunTotals.START, TimeCosts.UNKNOWN);
        return new SaveRequest(
                state, true, 0.5, OptionalDouble.empty(), false, false, new Checkpoint(Map.of(), tensors));
    }

    /** The last value of the weights. */
    private static float valueOf(Path file) {
        return Safetensors.read(file).tensor("weights").orElseThrow().bytes().getFloat(4 * (LARGE - 1));
    }
}
