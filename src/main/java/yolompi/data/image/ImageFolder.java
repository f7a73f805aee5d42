package yolompi.data.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The image files below a folder, looked up by path, name or name without extension. */
public final class ImageFolder {
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff");

    private final Path root;
    private final List<Path> files;
    private final Map<String, Path> byStem = new HashMap<>();

    public ImageFolder(Path root) {
        this.root = root;
        files = filesBelow(root, path -> isImage(path.toString()));
        files.forEach(file -> byStem.putIfAbsent(stem(file), file));
    }

    /**
     * The files in a folder and its subfolders that match, sorted by path; follows symbolic links.
     */
    public static List<Path> filesBelow(Path folder, Predicate<Path> requested) {
        try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(path -> requested.test(path) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All images, sorted by path. */
    public List<Path> files() {
        return files;
    }

    /** The path relative to the folder, without extension, with slashes. */
    public String stem(Path file) {
        Path below = file.startsWith(root) ? root.relativize(file) : file;
        return withoutEnding(slashes(below.toString()));
    }

    /**
     * The image that a list entry names: an id, a file name, or a path that may begin above this
     * folder. If there is none, returns the path where it was expected.
     */
    public Path resolve(String entry) {
        String tail = withoutEnding(slashes(entry));
        while (true) {
            Path found = byStem.get(tail);
            if (found != null) {
                return found;
            }
            int slash = tail.indexOf('/');
            if (slash < 0) {
                return root.resolve(entry);
            }
            tail = tail.substring(slash + 1);
        }
    }

    private static String slashes(String path) {
        return path.replace('\\', '/');
    }

    public static String withoutEnding(String name) {
        return isImage(name) ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    public static boolean isImage(String name) {
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                && name.contains(".");
    }
}
