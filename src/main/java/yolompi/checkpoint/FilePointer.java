package yolompi.checkpoint;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A second name for a file in the same folder. It moves atomically from one file to another, so it
 * always names a file.
 */
final class FilePointer {
    private FilePointer() {}

    /**
     * Makes {@code pointer} a relative symbolic link to {@code file}, or a copy if the file system
     * has no links.
     */
    static void point(Path pointer, Path file) throws IOException {
        Path temporary = temporary(pointer);
        try {
            Files.createSymbolicLink(temporary, file.getFileName());
        } catch (UnsupportedOperationException | FileSystemException e) {
            copy(pointer, file);
            return;
        }
        Files.move(temporary, pointer, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes {@code pointer} a copy of {@code file}. */
    static void copy(Path pointer, Path file) throws IOException {
        Path temporary = temporary(pointer);
        Files.copy(file, temporary, StandardCopyOption.REPLACE_EXISTING);
        Files.move(temporary, pointer, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path temporary(Path pointer) {
        return pointer.resolveSibling(pointer.getFileName() + Safetensors.TEMPORARY_SUFFIX);
    }
}
