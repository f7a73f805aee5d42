package yolompi.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import yolompi.InputException;

/** The kernel's page cache, which makes repeated reads of a file fast. */
public final class PageCache {
    private static final Path IO_COUNTS = Path.of("/proc/self/io");
    private static final String DISK_READS = "read_bytes: ";

    private PageCache() {}

    /** Reads files once, so that later reads come from memory, as far as they fit. */
    public static void fill(List<Path> files) {
        for (Path file : files) {
            try (InputStream bytes = Files.newInputStream(file)) {
                bytes.transferTo(OutputStream.nullOutputStream());
            } catch (IOException failure) {
                throw new UncheckedIOException(file + ": cannot be read: " + failure.getMessage(), failure);
            }
        }
    }

    /**
     * Asks the kernel to evict files from the page cache; needs no privileges. The kernel may
     * decline, for example if another process has mapped a file: check {@link #diskBytesRead}.
     *
     * @throws InputException if {@code dd} of GNU coreutils is missing or fails
     */
    public static void evict(List<Path> files) {
        // Java has no posix_fadvise. With this flag, copying zero blocks advises
        // POSIX_FADV_DONTNEED for the whole file.
        for (Path file : files) {
            run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
        }
    }

    /**
     * Number of bytes read from disk for this process so far, including the kernel's read-ahead;
     * empty if the kernel does not count them.
     */
    public static OptionalLong diskBytesRead() {
        try (var lines = Files.lines(IO_COUNTS)) {
            return lines.filter(line -> line.startsWith(DISK_READS))
                    .mapToLong(line -> Long.parseLong(line.substring(DISK_READS.length())))
                    .findFirst();
        } catch (IOException | UncheckedIOException notOnThisSystem) {
            return OptionalLong.empty();
        }
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (status != 0) {
                throw new InputException("%s: failed with status %d: %s; omit --cold if this system does not support it"
                        .formatted(String.join(" ", command), status, said));
            }
        } catch (IOException failure) {
            throw new InputException(
                    command[0] + ": cannot start: " + failure.getMessage() + "; install GNU coreutils, or omit --cold",
                    failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command[0] + " ran", interrupted);
        }
    }
}
