package yolompi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import yolompi.InputException;
import yolompi.WrongUsageException;

/** Checks the names of output files before the work starts: a command writes them at its end. */
final class OutputFiles {
    private OutputFiles() {}

    /**
     * Checks the output files of two options.
     *
     * @throws InputException if one is a folder or can't be created, or if both are the same file
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
     * Checks the output file of one option.
     *
     * @throws InputException if it is a folder or can't be created
     */
    static void check(String option, Optional<Path> file) {
        file.ifPresent(path -> check(option, path));
    }

    /**
     * Checks that an output file does not replace an input file.
     *
     * @throws WrongUsageException if both options name the same file
     */
    static void keepApart(String option, Optional<Path> file, String inputOption, Path input) {
        if (file.map(path -> isSame(path, input)).orElse(false)) {
            throw new WrongUsageException("%s %s: would overwrite the input file of %s; expected another file"
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
                    "%s %s: no permission to write in %s; expected a writable folder".formatted(option, file, folder));
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
