package yolompi.data.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Lists the files in a folder and its subfolders. */
public final class FilesBelow {
    private FilesBelow() {}

    /** The files that match, sorted by path; follows symbolic links. */
    public static List<Path> of(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(path -> wanted.test(path) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
