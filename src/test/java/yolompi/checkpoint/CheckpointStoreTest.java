package yolompi.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointStoreTest {
    @TempDir
    Path run;

    private Path folder;
    private CheckpointStore store;
    private final List<String> reports = new ArrayList<>();

    @BeforeEach
    void openStore() {
        folder = run.resolve("checkpoints");
        store = new CheckpointStore(folder, 1);
    }

    @Test
    void fileNameHoldsEpochAndMetricsAndLinksAreRelative() throws IOException {
        Path evaluated = store.save(new SaveRequest(
                state(120, 12), false, 1.23449, OptionalDouble.of(0.6789), true, false, tensors("recipe", "seed = 1")));
        Path plain = store.save(request(130, 13, false, false));

        assertThat(evaluated.getFileName()).hasToString("epoch-0012_loss-1.2345_map50-0.6789.safetensors");
        assertThat(plain.getFileName()).hasToString("epoch-0013_loss-0.5000.safetensors");
        assertThat(Files.readSymbolicLink(store.best())).isEqualTo(evaluated.getFileName());
        assertThat(Files.readSymbolicLink(store.last())).isEqualTo(plain.getFileName());
        assertThat(Safetensors.read(store.best()).metadata()).containsEntry("recipe", "seed = 1");
        assertThat(TrainState.fromMetadata("best", Safetensors.readMetadata(store.best())))
                .isEqualTo(state(120, 12));
    }

    @Test
    void onlyLastBestAndPeriodicCheckpointsAreKept() throws IOException {
        store.save(request(10, 1, true, false));
        store.save(request(20, 2, false, true));
        store.save(request(30, 3, false, false));
        store.save(request(40, 4, false, false));

        assertThat(names())
                .containsExactlyInAnyOrder(
                        "best.safetensors",
                        "last.safetensors",
                        "epoch-0001_loss-0.5000.safetensors",
                        "epoch-0002_loss-0.5000.safetensors",
                        "epoch-0004_loss-0.5000.safetensors");

        store.save(request(50, 5, true, false));

        assertThat(names())
                .containsExactlyInAnyOrder(
                        "best.safetensors",
                        "last.safetensors",
                        "epoch-0002_loss-0.5000.safetensors",
                        "epoch-0005_loss-0.5000.safetensors");
    }

    @Test
    void newestValidCheckpointsAreKept() throws IOException {
        CheckpointStore two = new CheckpointStore(folder, 2);
        two.save(insideEpoch(10, 0));
        Path whole = two.save(insideEpoch(20, 0));
        Path damaged = two.save(request(30, 1, false, false));
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "last.safetensors",
                        "epoch-0000_step-00000020_loss-0.5000.safetensors",
                        "epoch-0001_loss-0.5000.safetensors");

        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);
        CheckpointStore resumed = new CheckpointStore(folder, 2);
        assertThat(resumed.newestValid(reports::add).orElseThrow().file()).isEqualTo(whole);
        resumed.save(insideEpoch(25, 0));

        assertThat(whole).as("the only other complete checkpoint").exists();
        resumed.save(insideEpoch(27, 0));
        assertThat(whole).doesNotExist();
        assertThat(resumed.newestValid(reports::add).orElseThrow().state().step())
                .isEqualTo(27);
    }

    @Test
    void checkpointAfterEvaluationReplacesTheOneBeforeIt() throws IOException {
        CheckpointStore two = new CheckpointStore(folder, 2);
        two.save(insideEpoch(10, 0));
        TrainState unevaluated =
                new TrainState(20, 1, 0, 320, 19, 0.25, 1, 1, TrainState.START.tally(), TrainState.START.costs());
        OptionalDouble none = OptionalDouble.empty();
        Path before = two.save(new SaveRequest(unevaluated, true, 0.5, none, false, false, tensors("a", "b")));
        assertThat(two.newestValid(reports::add).orElseThrow().state().hasEpochToEnd())
                .isTrue();

        Path after = two.save(request(20, 1, true, false));

        assertThat(before).doesNotExist();
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "best.safetensors",
                        "last.safetensors",
                        "epoch-0000_step-00000010_loss-0.5000.safetensors",
                        "epoch-0001_loss-0.5000.safetensors");
        CheckpointStore.Found found = two.newestValid(reports::add).orElseThrow();
        assertThat(found.file()).isEqualTo(after);
        assertThat(found.state().hasEpochToEnd()).isFalse();
    }

    @Test
    void truncatedCheckpointDoesNotCount() throws IOException {
        CheckpointStore two = new CheckpointStore(folder, 2);
        Path whole = two.save(insideEpoch(10, 0));
        Path cut = two.save(insideEpoch(20, 0));
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), (int) Files.size(cut) - 1));

        two.save(insideEpoch(30, 0));

        assertThat(whole).exists();
    }

    @Test
    void folderThatCannotBeCreatedIsNamedWithTheReason() throws IOException {
        Files.writeString(folder, "in the way");

        assertThatThrownBy(() -> store.save(request(10, 1, false, false)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("%s: can't save a checkpoint: FileAlreadyExistsException %s".formatted(folder, folder));
    }

    @Test
    void foreignFilesAreNeverDeleted() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.writeString(folder.resolve("epoch-0001_mine.safetensors"), "no checkpoint");
        Safetensors.write(folder.resolve("epoch-0002_mine.safetensors"), tensors("a", "b"));

        store.save(request(10, 1, true, false));

        assertThat(names()).contains("notes.txt", "epoch-0001_mine.safetensors", "epoch-0002_mine.safetensors");
    }

    @Test
    void storeWorksWithCopiesInsteadOfLinks() throws IOException {
        Path first = store.save(request(10, 1, true, false));
        Files.copy(first, store.last(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(first, store.best(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(store.best()).isRegularFile().hasSameBinaryContentAs(first);
        assertThat(Files.isSymbolicLink(store.best())).isFalse();

        Path second = store.save(request(20, 2, false, false));

        assertThat(first).as("the original of the copy").exists();
        assertThat(Files.readSymbolicLink(store.last())).isEqualTo(second.getFileName());
        Files.delete(first);
        Files.delete(second);
        assertThat(store.newestValid(reports::add).orElseThrow().file()).isEqualTo(store.best());
    }

    @Test
    void newestCheckpointHasTheHighestStep() throws IOException {
        Path older = store.save(request(10, 1, true, true));
        Path newer = store.save(request(20, 2, false, true));
        Files.setLastModifiedTime(newer, FileTime.fromMillis(0));

        CheckpointStore.Found found = store.newestValid(reports::add).orElseThrow();

        assertThat(found.file()).isEqualTo(newer).isNotEqualTo(older);
        assertThat(found.state()).isEqualTo(state(20, 2));
        assertThat(found.checkpoint().tensor("w")).isPresent();
        assertThat(reports).isEmpty();
    }

    @Test
    void damagedPartialAndForeignFilesAreSkippedWithAWarning() throws IOException {
        Path good = store.save(request(10, 1, true, true));
        Path damaged = store.save(request(20, 2, false, true));
        Path cut = store.save(request(30, 3, false, true));
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);
        Files.write(
                cut,
                Stream.of(Files.readAllBytes(cut))
                        .map(whole -> Arrays.copyOf(whole, whole.length / 2))
                        .findFirst()
                        .orElseThrow());
        Path foreign = folder.resolve("foreign.safetensors");
        Safetensors.write(foreign, tensors("format", "pt"));
        Path temporary = Files.writeString(folder.resolve("epoch-0004_loss-1.safetensors.tmp"), "half");

        CheckpointStore.Found found = store.newestValid(reports::add).orElseThrow();

        assertThat(found.file()).isEqualTo(good);
        assertThat(reports).hasSize(4).allMatch(line -> line.endsWith("; skipped"));
        for (Path bad : List.of(damaged, cut, foreign, temporary)) {
            assertThat(reports).anyMatch(line -> line.startsWith(bad.toString()));
        }
    }

    @Test
    void missingOrEmptyFolderHasNoCheckpoint() throws IOException {
        assertThat(store.newestValid(reports::add)).isEmpty();
        Files.createDirectories(folder);
        assertThat(store.newestValid(reports::add)).isEmpty();
        assertThat(reports).isEmpty();
    }

    @Test
    void leftoversOfAnInterruptedSaveAreDeleted() throws IOException {
        Files.createDirectories(folder);
        Path half = Files.writeString(folder.resolve("epoch-0001_loss-1.safetensors.tmp"), "half");
        Files.createSymbolicLink(folder.resolve("last.safetensors.tmp"), Path.of("gone.safetensors"));

        store.save(request(10, 1, false, false));

        assertThat(half).doesNotExist();
        assertThat(names()).containsExactlyInAnyOrder("epoch-0001_loss-0.5000.safetensors", "last.safetensors");
    }

    @Test
    void checkpointOfTheSameNameDoesNotReplaceTheFirst() {
        Path best = store.save(request(10, 1, true, false));
        Path later = store.save(request(15, 1, false, false));
        Path again = store.save(request(15, 1, false, false));

        assertThat(later.getFileName()).hasToString("epoch-0001_loss-0.5000_step-15.safetensors");
        assertThat(again).isEqualTo(later);
        assertThat(TrainState.fromMetadata("best", Safetensors.readMetadata(best))
                        .step())
                .isEqualTo(10);
    }

    private static TrainState state(long step, int epoch) {
        return new TrainState(
                step, epoch, epoch, 16 * step, step, 0.25, 1, 1, TrainState.START.tally(), TrainState.START.costs());
    }

    private static SaveRequest request(long step, int epoch, boolean best, boolean keep) {
        return new SaveRequest(state(step, epoch), false, 0.5, OptionalDouble.empty(), best, keep, tensors("a", "b"));
    }

    private static SaveRequest insideEpoch(long step, int epoch) {
        return new SaveRequest(state(step, epoch), true, 0.5, OptionalDouble.empty(), false, false, tensors("a", "b"));
    }

    private static Checkpoint tensors(String key, String value) {
        return new Checkpoint(Map.of(key, value), List.of(SafetensorsTest.tensor("w", NamedTensor.DType.F32, 4)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
