package yolompi.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import yolompi.InputException;
import yolompi.checkpoint.NamedTensor.DType;

final class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void writtenCheckpointIsReadBack() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("step", "12");
        metadata.put("a \"name\" \u00e9 \ud83d\ude00", "line\nbreak\\");
        Checkpoint written = new Checkpoint(
                metadata,
                List.of(
                        tensor("weights", DType.F32, 2, 3, 1),
                        tensor("flags", DType.BOOL, 3),
                        tensor("empty", DType.F32, 0, 4),
                        tensor("scalar", DType.I64)));
        Path file = folder.resolve("a.safetensors");

        Safetensors.write(file, written);
        Checkpoint read = Safetensors.read(file);

        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(Safetensors.readMetadata(file)).isEqualTo(metadata);
        assertThat(read.tensors()).extracting(NamedTensor::name).containsExactly("scalar", "weights", "empty", "flags");
        for (NamedTensor tensor : written.tensors()) {
            NamedTensor back = read.tensor(tensor.name()).orElseThrow();
            assertThat(back.dtype()).isEqualTo(tensor.dtype());
            assertThat(back.shape()).isEqualTo(tensor.shape());
            assertThat(back.bytes()).isEqualTo(tensor.bytes());
            assertThat(back.bytes().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        }
        assertThat(folder).isDirectoryContaining("glob:**.safetensors").isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void headerIsPaddedToAMultipleOfEightBytes() throws IOException {
        for (int length = 0; length < 8; length++) {
            Path file = folder.resolve("p.safetensors");
            Safetensors.write(file, new Checkpoint(Map.of("k", "x".repeat(length)), List.of(tensor("t", DType.U8, 1))));
            byte[] bytes = Files.readAllBytes(file);

            long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            assertThat(header % 8).isZero();
            assertThat(bytes).hasSize((int) (8 + header + 1));
            assertThat(bytes[8]).isEqualTo((byte) '{');
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyTypeIsWrittenFromHeapAndNativeMemory(DType dtype) {
        ByteBuffer heap = ByteBuffer.wrap(random(5 * dtype.bytes()));
        ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining())
                .put(heap.duplicate())
                .flip();
        Path file = folder.resolve("d.safetensors");

        Safetensors.write(
                file,
                new Checkpoint(
                        Map.of(),
                        List.of(
                                new NamedTensor("heap", dtype, new long[] {5}, heap),
                                new NamedTensor("direct", dtype, new long[] {5}, direct))));

        Checkpoint read = Safetensors.read(file);
        assertThat(read.tensor("heap").orElseThrow().bytes()).isEqualTo(heap);
        assertThat(read.tensor("direct").orElseThrow().bytes()).isEqualTo(heap);
    }

    @Test
    void tensorLargerThanOneWriteIsReadBack() {
        NamedTensor large = tensor("large", DType.F32, 5, 1 << 20);
        Path file = folder.resolve("l.safetensors");

        Safetensors.write(file, new Checkpoint(Map.of(), List.of(large, tensor("next", DType.F32, 1))));

        assertThat(Safetensors.read(file).tensor("large").orElseThrow().bytes().mismatch(large.bytes()))
                .isEqualTo(-1);
    }

    @Test
    void damageToAnySingleByteIsDetected() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(
                file,
                new Checkpoint(Map.of("step", "12"), List.of(tensor("a", DType.F32, 3), tensor("b", DType.F32, 2))));
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);

            // A changed byte of the padding is no longer white space, so the header is invalid
            // JSON.
            assertThatThrownBy(() -> Safetensors.read(file))
                    .as("byte %d", i)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void truncatedFileIsRefused() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, new Checkpoint(Map.of(), List.of(tensor("a", DType.F32, 3))));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(InputException.class);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("holds 13 bytes of data, expected 12");
    }

    @Test
    void fileOfAnotherProgramIsReadWithoutChecksums() throws IOException {
        Path file = raw("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);

        Checkpoint read = Safetensors.read(file);

        assertThat(read.metadata()).isEmpty();
        assertThat(read.tensor("w").orElseThrow().shape()).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'w':{'dtype':'F8','shape':[8],'data_offsets':[0,8]}} | dtype \"F8\", expected one of [F64, I64, F32",
                "{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}   | 8 bytes, expected 12 for F32 [3]",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}   | data_offsets [8,0], expected [begin, end]",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}  | expected non-negative integers",
                "{'w':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}} | expected non-negative integers",
                "{'w':{'dtype':'F32','shape':[2]}} | data_offsets , expected non-negative integers",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}   | begins at byte 4 of the data, expected 0",
                "{'w':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}}    | holds 8 bytes of data, expected 4",
                "{'w':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'v':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}}"
                        + " | begins at byte 4 of the data, expected 8",
                "{'w':{'dtype':'F64','shape':[4611686018427387904,4],'data_offsets':[0,8]}} | too many elements",
                "{'w':{'dtype':'U8','shape':[9000000000],'data_offsets':[0,9000000000]}} | tensors of 2 GiB or more",
                "{'w':3}                                                  | dtype , expected one of",
                "[1, 2]                                                   | not a JSON object",
                "{'w':                                                    | not valid JSON",
                "{'__metadata__':{'a':1}}                                 | metadata a = 1: expected a string",
                "{'a':{},'a':{}}                                          | not valid JSON: Duplicate field 'a'",
            })
    void invalidHeaderIsRefused(String header, String message) throws IOException {
        Path file = raw(header.replace('\'', '"'), message.contains("metadata a") ? 0 : 8);

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807", "-1", "100", "1", "0"})
    void invalidHeaderLengthIsRefusedBeforeAllocation(long length) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Path file = Files.write(folder.resolve("h.safetensors"), bytes.array());

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("header of " + Long.toUnsignedString(length) + " bytes, expected 2 to 12");
    }

    @Test
    void missingFileIsNamedAndFailedWriteLeavesNoFile() {
        Path missing = folder.resolve("none.safetensors");
        assertThatThrownBy(() -> Safetensors.read(missing))
                .isInstanceOf(InputException.class)
                .hasMessage(missing + ": no such file; expected a checkpoint (.safetensors)");

        Path taken = folder.resolve("folder.safetensors");
        assertThat(taken.resolve("inside").toFile().mkdirs()).isTrue();
        assertThatThrownBy(() -> Safetensors.write(taken, new Checkpoint(Map.of(), List.of())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(taken.toString());
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void folderIsRefusedAndItsBestCheckpointSuggested() throws IOException {
        assertThatThrownBy(() -> Safetensors.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": found a folder, expected a checkpoint (.safetensors)");
        Path checkpoints = Files.createDirectories(folder.resolve("checkpoints"));
        Path best = Files.createFile(checkpoints.resolve("best.safetensors"));

        assertThatThrownBy(() -> Safetensors.read(folder)).hasMessageEndingWith(", such as " + best);
        assertThatThrownBy(() -> Safetensors.read(checkpoints)).hasMessageEndingWith(", such as " + best);
    }

    @Test
    void tensorNeedsAFullBufferAndAUniqueName() {
        NamedTensor tensor = tensor("a", DType.F32, 2);

        assertThatThrownBy(() -> new NamedTensor("a", DType.F32, new long[] {3}, tensor.bytes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a: F32 [3] needs 12 bytes, but the buffer has 8");
        assertThatThrownBy(() -> new Checkpoint(Map.of(), List.of(tensor, tensor)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static NamedTensor tensor(String name, DType dtype, long... shape) {
        return new NamedTensor(name, dtype, shape, ByteBuffer.wrap(random((int) NamedTensor.byteCount(dtype, shape))));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private Path raw(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(
                folder.resolve("r.safetensors"),
                bytes.putLong(json.length).put(json).array());
    }
}
