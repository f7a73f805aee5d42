package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;

/**
 * Uses a library of a few bytes, built according to the description of the format.
 * {@code mpi/bundle/bundle.sh --gpu} uses a real library.
 */
class GpuCodeTest {
    private static final String NAMES = "\0.shstrtab\0.nv_fatbin\0";
    private static final int ENTRY_HEADER = 64;

    @TempDir
    private Path folder;

    /**
     * A library with two fat binaries. Each has an entry for each capability, with as many bytes of
     * code as that number.
     */
    private Path library(int... capabilities) throws IOException {
        int each = 0;
        for (int capability : capabilities) {
            each += ENTRY_HEADER + capability;
        }
        int section = 2 * (16 + each);
        ByteBuffer elf =
                ByteBuffer.allocate(64 + section + NAMES.length() + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464C457F).put(4, (byte) 2);
        elf.position(64);
        for (int binary = 0; binary < 2; binary++) {
            elf.putInt(0xBA55ED50).putShort((short) 1).putShort((short) 16).putLong(each);
            for (int capability : capabilities) {
                int entry = elf.position();
                elf.putShort((short) 2)
                        .putShort((short) 257)
                        .putInt(ENTRY_HEADER)
                        .putLong(capability);
                elf.putInt(entry + 28, capability).position(entry + ENTRY_HEADER);
                for (int i = 0; i < capability; i++) {
                    elf.put((byte) capability);
                }
            }
        }
        int names = elf.position();
        elf.put(NAMES.getBytes(StandardCharsets.US_ASCII));
        int headers = elf.position();
        elf.putLong(40, headers)
                .putShort(58, (short) 64)
                .putShort(60, (short) 3)
                .putShort(62, (short) 1);
        elf.putInt(headers + 64, 1).putLong(headers + 64 + 24, names).putLong(headers + 64 + 32, NAMES.length());
        elf.putInt(headers + 128, 11).putLong(headers + 128 + 24, 64).putLong(headers + 128 + 32, section);
        return Files.write(folder.resolve("library.so"), elf.array());
    }

    @Test
    void codeIsCountedByComputeCapability() throws IOException {
        assertThat(GpuCode.in(library(80, 90, 120))).isEqualTo(Map.of(80, 160L, 90, 180L, 120, 240L));
    }

    @Test
    void codeOfOtherCapabilitiesIsZeroed() throws IOException {
        Path library = library(80, 90, 120);
        byte[] before = Files.readAllBytes(library);
        assertThat(GpuCode.keepOnly(library, "sm_90")).containsExactly(90);
        byte[] after = Files.readAllBytes(library);
        assertThat(after).hasSameSizeAs(before);
        for (int i = 64; i < after.length; i++) {
            boolean codeOfOthers = after[i] != before[i];
            assertThat(codeOfOthers ? after[i] : 0).isZero();
        }
        assertThat(count(after, 90)).isEqualTo(count(before, 90)).isGreaterThanOrEqualTo(180);
        assertThat(count(after, 80)).isEqualTo(count(before, 80) - 160);
        assertThat(count(after, 120)).isEqualTo(count(before, 120) - 240);
    }

    private static long count(byte[] bytes, int value) {
        long count = 0;
        for (byte found : bytes) {
            count += found == (byte) value ? 1 : 0;
        }
        return count;
    }

    @Test
    void gpuKeepsTheCodeOfItsGenerationUpToItsCapability() throws IOException {
        assertThat(GpuCode.keepOnly(library(75, 80, 86, 90), "sm_89")).containsExactly(80, 86);
    }

    @Test
    void capabilityWithoutCodeIsRejectedAndKeepsTheLibrary() throws IOException {
        Path library = library(80, 90);
        byte[] before = Files.readAllBytes(library);
        assertThatThrownBy(() -> GpuCode.keepOnly(library, "sm_70"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("library.so", "sm_70", "sm_80, sm_90");
        assertThatThrownBy(() -> GpuCode.keepOnly(library, "hopper"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("hopper", "sm_90");
        assertThat(Files.readAllBytes(library)).isEqualTo(before);
    }

    @Test
    void otherFilesAreRejected() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no library at all");
        assertThatThrownBy(() -> GpuCode.in(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not a 64-bit ELF library");
        Path broken = library(80);
        byte[] bytes = Files.readAllBytes(broken);
        bytes[64] = 1;
        Files.write(broken, bytes);
        assertThatThrownBy(() -> GpuCode.in(broken))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("library.so", ".nv_fatbin", "byte 0");
        for (int lengthAt : new int[] {64 + 8, 64 + 16 + 8}) {
            for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 31}) {
                Path cut = library(80);
                ByteBuffer damaged = ByteBuffer.wrap(Files.readAllBytes(cut)).order(ByteOrder.LITTLE_ENDIAN);
                damaged.putLong(lengthAt, length);
                Files.write(cut, damaged.array());
                assertThatThrownBy(() -> GpuCode.in(cut)).isInstanceOf(InputException.class);
            }
        }
        Path lost = library(80);
        ByteBuffer headers = ByteBuffer.wrap(Files.readAllBytes(lost)).order(ByteOrder.LITTLE_ENDIAN);
        headers.putLong(40, 1L << 30);
        Files.write(lost, headers.array());
        assertThatThrownBy(() -> GpuCode.in(lost))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("damaged");
    }
}
