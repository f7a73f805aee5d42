package yolompi.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import yolompi.InputException;

/** The images and videos that a user names. */
public final class InputFiles {
    private static final String KINDS = "images (jpg, png, bmp, webp, tif) or videos (mp4, mov, avi, mkv, webm …)";

    private InputFiles() {}

    /**
     * Finds them, each once, in the order they are named and by path within a folder or a pattern.
     *
     * @param named files, folders that are searched with their subfolders, or patterns such as {@code scans/**}{@code /*.jpg}, as the shell's but
     *     for {@code **}, which stands for any number of folders
     * @throws InputException where one names nothing that can be looked at
     */
    public static List<InputFile> find(List<String> named) {
        Set<Path> paths = new LinkedHashSet<>();
        for (String name : named) {
            List<Path> found = find(name);
            if (found.isEmpty()) {
                throw new InputException(name + ": found nothing there; expected " + KINDS);
            }
            paths.addAll(found);
        }
        Set<String> taken = new HashSet<>();
        return paths.stream()
                .map(path -> new InputFile(path, freeName(path, taken)))
                .toList();
    }

    private static List<Path> find(String name) {
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            return below(path, InputFile::isNamedAsInput);
        }
        if (Files.exists(path)) {
            return List.of(path);
        }
        if (!isPattern(name)) {
            throw new InputException(name + ": no such file or folder; expected " + KINDS);
        }
        PathMatcher matcher = matcher(name);
        Path folder = folderBefore(path);
        return Files.isDirectory(folder)
                ? below(folder, file -> InputFile.isNamedAsInput(file) && matcher.matches(file))
                : List.of();
    }

    /** The part of a pattern before the first name that is one. */
    private static Path folderBefore(Path pattern) {
        Path folder = pattern.isAbsolute() ? pattern.getRoot() : Path.of("");
        for (Path part : pattern) {
            if (isPattern(part.toString())) {
                break;
            }
            folder = folder.resolve(part);
        }
        return folder;
    }

    private static boolean isPattern(String name) {
        return name.chars().anyMatch(character -> "*?[{".indexOf(character) >= 0);
    }

    static PathMatcher matcher(String pattern) {
        try {
            // "a/**/b" means a/b as well, which Java's pattern would leave out.
            String anyDepth = pattern.replace("/**/", "{/**/,/}").replaceFirst("^\\*\\*/", "{**/,}");
            return FileSystems.getDefault().getPathMatcher("glob:" + anyDepth);
        } catch (PatternSyntaxException e) {
            throw new InputException(pattern + ": no such file, and no pattern: " + e.getDescription());
        }
    }

    private static List<Path> below(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(path -> wanted.test(path) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": can't be listed: " + e.getMessage(), e);
        }
    }

    /** The file's own name without its ending; with a number where an earlier file is called so. Case doesn't tell names apart everywhere. */
    private static String freeName(Path path, Set<String> taken) {
        String stem = path.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        String name = stem;
        for (int number = 2; !taken.add(name.toLowerCase(Locale.ROOT)); number++) {
            name = stem + "-" + number;
        }
        return name;
    }

    /** How many pictures there are, about: files don't always say how many frames a video has. */
    public static int pictures(List<InputFile> inputs) {
        int pictures = 0;
        for (InputFile input : inputs) {
            pictures += input.isVideo() ? VideoReader.framesOf(input) : 1;
        }
        return pictures;
    }

    /**
     * Looks whether a folder for outputs holds an input: one of the same name would replace it.
     *
     * @throws InputException naming the input
     */
    public static void refuseFolderOf(List<InputFile> inputs, Path folder) throws IOException {
        List<Path> checked = new ArrayList<>();
        for (InputFile input : inputs) {
            Path own = input.path().toAbsolutePath().getParent();
            if (!checked.contains(own) && Files.exists(folder) && Files.isSameFile(folder, own)) {
                throw new InputException("--out " + folder + " holds " + input.path()
                        + ", which an output might replace; choose another folder");
            }
            checked.add(own);
        }
    }
}
