package yolompi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import yolompi.InputException;
import yolompi.WrongUsageException;

/** Looks at the names of files that a command writes at its end, before hours of work. */
final class OutputFiles {
    private OutputFiles() {}

    /**
     * Of two options that each name a file.
     *
     * @throws InputException where one is a folder or can't be made, or both are one
     */
    static void check(String option, Optional<Path> file, String otherOption, Optional<Path> other) {
        file.ifPresent(path -> check(option, path));
        other.ifPresent(path -> check(otherOption, path));
        if (file.isPresent() && file.map(OutputFiles::plain).equals(other.map(OutputFiles::plain))) {
            throw new WrongUsageException(
                    "%s and %s name the same file, %s; expected two".formatted(option, otherOption, file.get()));
        }
    }

    /**
     * Of an option that names a file.
     *
     * @throws InputException where it is a folder or can't be made
     */
    static void check(String option, Optional<Path> file) {
        file.ifPresent(path -> check(option, path));
    }

    /**
     * Of a file that would be replaced.
     *
     * @throws WrongUsageException where it is the one that another option reads
     */
    static void keepApart(String option, Optional<Path> file, String inputOption, Path input) {
        if (file.map(path -> isSame(path, input)).orElse(false)) {
            throw new WrongUsageException("%s %s: is the file that %s reads, which would be lost; expected another"
                    .formatted(option, file.get(), inputOption));
        }
    }

    private static boolean isSame(Path some, Path other) {
        try {
            return Files.exists(some) && Files.exists(other) && Files.isSameFile(some, other);
        } catch (IOException e) {
            return plain(some).equals(plain(other));
        }
    }

    private static Path plain(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private static void requireWritable(String option, Path file, Path folder) {
        if (!Files.isWritable(folder)) {
            throw new InputException(
                    "%s %s: nothing can be written in %s; expected a folder of yours".formatted(option, file, folder));
        }
    }

    private static void check(String option, Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException("%s %s: is a folder; expected the file to write".formatted(option, file));
        }
        for (Path parent = plain(file).getParent(); parent != null; parent = parent.getParent()) {
            if (Files.isDirectory(parent)) {
                requireWritable(option, file, parent);
                return;
            }
            if (Files.exists(parent)) {
                throw new InputException("%s %s: %s is a file; expected a folder".formatted(option, file, parent));
            }
        }
    }
}
