package yolompi.io;

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

/** Writes files atomically: under a temporary name in the same folder, then renamed. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of the file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a file by its path, for libraries that take no stream. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(Path path) throws IOException;
    }

    /**
     * Writes or replaces {@code file} and creates its folder if missing. If {@code content} fails,
     * the file stays as it was.
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
     * As {@link #write}, for a library that takes a path. The path is in a temporary folder beside
     * {@code file} and has its name, because some formats store the name.
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

    /**
     * Makes {@code link} a relative symbolic link to a file in the same folder, or a copy if the
     * file system has no links. An existing link moves atomically, so it always names a file.
     *
     * @param temporary path beside {@code link}, which a killed process leaves behind
     */
    public static void link(Path link, Path file, Path temporary) throws IOException {
        try {
            Files.createSymbolicLink(temporary, file.getFileName());
        } catch (UnsupportedOperationException | FileSystemException e) {
            copy(file, link, temporary);
            return;
        }
        Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes {@code target} a copy of a file. */
    static void copy(Path file, Path target, Path temporary) throws IOException {
        Files.copy(file, temporary, StandardCopyOption.REPLACE_EXISTING);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * A short name, because the name of the file may have the maximum length; a random one, because
     * process ids are not unique across hosts.
     */
    private static Path temporaryBeside(Path file) {
        return file.resolveSibling("." + UUID.randomUUID() + ".tmp");
    }

    /** The failure with the name that the user knows instead of the temporary one. */
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
