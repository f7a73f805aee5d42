package yolompi;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file so that its name always stands for a whole file: under a temporary name in the same folder, then renamed. */
public final class AtomicFile {
    private AtomicFile() {}

    /** What goes into the file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** What goes into a file that some library writes by its path. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(Path path) throws IOException;
    }

    /**
     * Writes or replaces {@code file}, making its folder where it is missing. When {@code content} fails, the file stays as it was.
     *
     * @throws IOException from the file system, naming {@code file}, or from {@code content}
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new FileSystemException(file.toString(), null, "is a folder, expected the name of a file");
        }
        Files.createDirectories(target.getParent());
        Path temporary = temporaryBeside(target);
        try {
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW))) {
                content.writeTo(out);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            throw temporary.toString().equals(e.getFile()) ? naming(file, e) : e;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * As {@link #write}, for a library that wants a path: one in a temporary folder beside {@code file}, and with its name, which some formats
     * keep.
     *
     * @throws IOException from the file system or from {@code writer}
     */
    public static void writeByPath(Path file, Writer writer) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path folder = Files.createTempDirectory(target.getParent(), ".writing");
        Path temporary = folder.resolve(target.getFileName());
        try {
            writer.writeTo(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
            Files.delete(folder);
        }
    }

    /** Short, since the file's own name may be as long as names can be; and random, since processes of several hosts have one number. */
    private static Path temporaryBeside(Path file) {
        return file.resolveSibling("." + UUID.randomUUID() + ".tmp");
    }

    /** The same failure in the name that the user knows. */
    private static FileSystemException naming(Path file, FileSystemException failure) {
        String reason = failure.getReason();
        if (failure instanceof NoSuchFileException) {
            reason = "no such file or directory";
        } else if (failure instanceof AccessDeniedException) {
            reason = "permission denied";
        }
        FileSystemException named = new FileSystemException(file.toString(), null, reason);
        named.initCause(failure);
        return named;
    }
}
