package yolompi.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.data.image.ImageFolder;

/** Finds the images and videos that a user names. */
public final class InputFiles {
    private static final String KINDS = "images (jpg, png, bmp, webp, tif) or videos (mp4, mov, avi, mkv, webm …)";

    private InputFiles() {}

    /**
     * Finds the files. Each file occurs once, in the order of the arguments; the files of a folder
     * or pattern are sorted by path.
     *
     * @param named files, folders to search recursively, or patterns such as
     *     {@code scans/**}{@code /*.jpg}. Patterns work as in a shell; in addition {@code **}
     *     matches any number of folders
     * @throws InputException if an argument matches no image or video
     */
    public static List<InputFile> find(List<String> named) {
        Map<Path, Path> paths = new LinkedHashMap<>();
        for (String name : named) {
            List<Path> found = find(name);
            if (found.isEmpty()) {
                throw new InputException(name + ": no matching files; expected " + KINDS);
            }
            found.forEach(path -> paths.putIfAbsent(place(path), path));
        }
        Names names = new Names(paths.values());
        return paths.values().stream().map(names::name).toList();
    }

    /**
     * The real location of a file, by whatever path it was named. A link counts as a file of its
     * own, because someone gave it a name.
     */
    private static Path place(Path file) {
        try {
            return file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> find(String name) {
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            return ImageFolder.filesBelow(path, InputFile::isNamedAsInput);
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
                ? ImageFolder.filesBelow(folder, file -> InputFile.isNamedAsInput(file) && matcher.matches(file))
                : List.of();
    }

    /** The folders of a pattern before the first name with a wildcard. */
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
            // "a/**/b" also matches a/b, which Java's glob would not.
            String anyDepth = pattern.replace("/**/", "{/**/,/}").replaceFirst("^\\*\\*/", "{**/,}");
            return FileSystems.getDefault().getPathMatcher("glob:" + anyDepth);
        } catch (PatternSyntaxException e) {
            throw new InputException(pattern + ": no such file, and not a valid pattern: " + e.getDescription());
        }
    }

    /** Approximate number of images and frames: not every video states its number of frames. */
    public static int pictures(List<InputFile> inputs) {
        int pictures = 0;
        for (InputFile input : inputs) {
            pictures += input.isVideo() ? VideoReader.framesOf(input) : 1;
        }
        return pictures;
    }

    /**
     * Rejects an output folder that contains an input, because an output of the same name would
     * replace it.
     *
     * @throws InputException names the input
     */
    public static void refuseFolderOf(List<InputFile> inputs, Path folder) throws IOException {
        List<Path> checked = new ArrayList<>();
        for (InputFile input : inputs) {
            Path own = input.path().toAbsolutePath().getParent();
            if (!checked.contains(own) && Files.exists(folder) && Files.isSameFile(folder, own)) {
                throw new WrongUsageException("--out " + folder + " contains " + input.path()
                        + ", which an output might replace; choose another folder");
            }
            checked.add(own);
        }
    }

    /**
     * Gives each input a unique name that is not the name of a video frame either: the file name
     * without extension, with a number if that is taken. Names that differ only in case count as
     * equal, because some file systems ignore case.
     */
    private static final class Names {
        /** Names of video frames: see {@link Frame#name}. */
        private static final Pattern FRAME = Pattern.compile("(.*)_\\d{6,}", Pattern.DOTALL);

        private final Set<String> taken = new HashSet<>();
        private final Set<String> takenByFrames = new HashSet<>();

        /**
         * Takes all inputs, so that a video gets the number, and not each image that was extracted
         * from it.
         */
        Names(Collection<Path> inputs) {
            for (Path input : inputs) {
                Matcher frame = FRAME.matcher(key(stem(input)));
                if (frame.matches()) {
                    takenByFrames.add(frame.group(1));
                }
            }
        }

        /** Names the next input. */
        InputFile name(Path input) {
            String stem = stem(input);
            String name = stem;
            for (int number = 2; isTaken(input, name); number++) {
                name = stem + "-" + number;
            }
            taken.add(key(name));
            return new InputFile(input, name);
        }

        private boolean isTaken(Path input, String name) {
            return taken.contains(key(name)) || (InputFile.isNamedAsVideo(input) && takenByFrames.contains(key(name)));
        }

        private static String stem(Path input) {
            return input.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        }

        private static String key(String name) {
            return name.toLowerCase(Locale.ROOT);
        }
    }
}
