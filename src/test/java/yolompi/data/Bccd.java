package yolompi.data;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The BCCD data set, which is not part of the project. Tests that need it are skipped if it is
 * missing.
 */
public final class Bccd {
    private Bccd() {}

    /**
     * Its folder: {@code $YOLOMPI_DATASETS/bccd}, or {@code datasets/bccd} in the parent of the
     * project folder or in one of that parent's subfolders.
     */
    public static Path folder() {
        Optional<Path> found = candidates().stream()
                .filter(folder -> Files.isDirectory(folder.resolve("JPEGImages")))
                .findFirst();
        return found.orElseGet(() -> abort("found no BCCD images in any of " + candidates() + "; git clone"
                + " https://github.com/Shenggan/BCCD_Dataset, and set YOLOMPI_DATASETS to a folder in which bccd"
                + " links to BCCD_Dataset/BCCD"));
    }

    private static List<Path> candidates() {
        String named = System.getenv("YOLOMPI_DATASETS");
        if (named != null) {
            return List.of(Path.of(named, "bccd"));
        }
        Path beside = Path.of("").toAbsolutePath().resolveSibling("datasets");
        try (Stream<Path> siblings = Files.list(beside.getParent())) {
            return Stream.concat(Stream.of(beside), siblings.map(sibling -> sibling.resolve("datasets")))
                    .map(folder -> folder.resolve("bccd"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
