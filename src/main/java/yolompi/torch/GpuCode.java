package yolompi.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import yolompi.InputException;
import yolompi.WrongUsageException;

/**
 * GPU machine code in a shared library: section {@code .nv_fatbin} of the ELF file. It holds one
 * fat binary per CUDA source file, with one entry per GPU architecture.
 *
 * <p>The driver loads only the entry that fits the GPU. So a library for known GPUs does not need
 * the other entries: they are overwritten with zeros, which makes an archive of the library
 * smaller.
 *
 * <p>NVIDIA does not document the format. This is what {@code fatbinary} of CUDA 13 writes, little
 * endian: a header (magic number {@code 0xBA55ED50}, u16 version 1, u16 header length 16, u64
 * length of all entries), then the entries. Each entry is a header (u16 kind: 1 PTX, 2 machine
 * code; u16 version; u32 header length; u64 code length; at byte 28 u32 compute capability times
 * ten) and the code.
 */
public final class GpuCode {
    private static final String SECTION = ".nv_fatbin";
    private static final int ELF_MAGIC = 0x464C457F;
    private static final int MAGIC = 0xBA55ED50;
    private static final int HEADER_BYTES = 16;
    private static final int ENTRY_BYTES = 32; // minimum; the part that is read here
    private static final int MACHINE_CODE = 2;
    private static final Pattern ARCHITECTURE = Pattern.compile("sm_(\\d{2,3})");

    private final Path library;
    private final ByteBuffer section;

    private interface Entry {
        void at(int kind, int capability, int codeAt, int codeBytes);
    }

    private GpuCode(Path library, ByteBuffer section) {
        this.library = library;
        this.section = section;
    }

    /**
     * Counts bytes of machine code per compute capability (times ten: 90 is sm_90).
     *
     * @throws InputException if the file is not a 64-bit ELF library, or has no GPU code
     */
    public static SortedMap<Integer, Long> in(Path library) throws IOException {
        SortedMap<Integer, Long> bytes = new TreeMap<>();
        try (FileChannel file = FileChannel.open(library, StandardOpenOption.READ)) {
            open(library, file, MapMode.READ_ONLY).forEach((kind, capability, codeAt, codeBytes) -> {
                if (kind == MACHINE_CODE) {
                    bytes.merge(capability, (long) codeBytes, Long::sum);
                }
            });
        }
        return bytes;
    }

    /**
     * Overwrites, in the file itself, all code that one GPU architecture cannot run.
     *
     * <p>A GPU runs code of its own generation up to its own number: sm_89 also runs sm_80, and
     * each part of a library may have either. PTX that the GPU could translate also stays.
     *
     * @param architecture such as {@code sm_90}
     * @return compute capabilities (times ten) whose machine code was kept
     * @throws InputException if there is none for the architecture; the file is then unchanged
     */
    public static SortedSet<Integer> keepOnly(Path library, String architecture) throws IOException {
        int target = capability(architecture);
        SortedSet<Integer> found = new TreeSet<>(in(library).keySet());
        SortedSet<Integer> kept = new TreeSet<>(found);
        kept.removeIf(capability -> !runs(target, capability));
        if (kept.isEmpty()) {
            throw new InputException("%s has no machine code for %s; it has code for sm_%s"
                    .formatted(
                            library.getFileName(),
                            architecture,
                            found.stream().map(String::valueOf).collect(Collectors.joining(", sm_"))));
        }
        try (FileChannel file = FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            GpuCode code = open(library, file, MapMode.READ_WRITE);
            code.forEach((kind, capability, codeAt, codeBytes) -> {
                boolean useful = kind == MACHINE_CODE ? runs(target, capability) : capability <= target;
                if (!useful) {
                    code.section.put(codeAt, new byte[codeBytes]);
                }
            });
        }
        return kept;
    }

    private static boolean runs(int gpu, int code) {
        return code / 10 == gpu / 10 && code <= gpu;
    }

    private static int capability(String architecture) {
        Matcher matcher = ARCHITECTURE.matcher(architecture);
        if (!matcher.matches()) {
            throw new WrongUsageException(
                    ("\"%s\" is not a GPU architecture; expected sm_ and the compute capability without the dot,"
                                    + " such as sm_90 for 9.0 (nvidia-smi --query-gpu=compute_cap --format=csv)")
                            .formatted(architecture));
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static GpuCode open(Path library, FileChannel file, MapMode mode) throws IOException {
        if (file.size() > Integer.MAX_VALUE) {
            throw new InputException(library + ": " + file.size() + " bytes; expected less than 2 GiB");
        }
        ByteBuffer elf = file.map(mode, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return new GpuCode(
                    library,
                    section(elf, library)
                            .orElseThrow(() -> new InputException(library + ": no GPU code, section " + SECTION)));
        } catch (IndexOutOfBoundsException e) {
            throw new InputException(library + ": section headers point beyond the end of the file; it is damaged", e);
        }
    }

    /** Finds the section in the section headers of an ELF64 file (System V ABI, chapter 4). */
    private static Optional<ByteBuffer> section(ByteBuffer elf, Path library) {
        if (elf.limit() < 64 || elf.getInt(0) != ELF_MAGIC || elf.get(4) != 2) {
            throw new InputException(library + ": not a 64-bit ELF library");
        }
        int headers = (int) elf.getLong(40);
        int headerBytes = elf.getShort(58);
        int names = offset(elf, headers + headerBytes * elf.getShort(62));
        for (int i = 0; i < elf.getShort(60); i++) {
            int header = headers + i * headerBytes;
            if (isName(elf, names + elf.getInt(header))) {
                return Optional.of(elf.slice(offset(elf, header), (int) elf.getLong(header + 32))
                        .order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        return Optional.empty();
    }

    private static int offset(ByteBuffer elf, int header) {
        return (int) elf.getLong(header + 24);
    }

    private static boolean isName(ByteBuffer elf, int at) {
        byte[] expected = (SECTION + '\0').getBytes(StandardCharsets.US_ASCII);
        byte[] found = new byte[expected.length];
        elf.get(at, found, 0, Math.min(found.length, elf.limit() - at));
        return Arrays.equals(found, expected);
    }

    private void forEach(Entry action) {
        int at = 0;
        while (at + HEADER_BYTES <= section.limit()) {
            if (section.getInt(at) == 0) {
                at += 8; // fat binaries are aligned to eight bytes
                continue;
            }
            check(section.getInt(at) == MAGIC && section.getShort(at + 4) == 1, at);
            check(section.getShort(at + 6) == HEADER_BYTES, at);
            int entries = at + HEADER_BYTES;
            long length = section.getLong(at + 8);
            check(length >= 0 && length <= section.limit() - entries, at);
            at = entries;
            while (at < entries + length) {
                at = entry(at, (int) (entries + length), action);
            }
        }
    }

    /** Returns where the next entry begins. */
    private int entry(int at, int end, Entry action) {
        check(at + ENTRY_BYTES <= end, at);
        int header = section.getInt(at + 4);
        check(header >= ENTRY_BYTES && header <= end - at, at);
        long bytes = section.getLong(at + 8);
        check(bytes >= 0 && bytes <= end - at - header, at);
        action.at(section.getShort(at), section.getInt(at + 28), at + header, (int) bytes);
        return at + header + (int) bytes;
    }

    private void check(boolean right, int at) {
        if (!right) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: section %s, byte %d: expected the fat binary format of CUDA 13",
                    library,
                    SECTION,
                    at));
        }
    }
}
