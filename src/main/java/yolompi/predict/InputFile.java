package yolompi.predict;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * An image or video file in which to detect objects.
 *
 * @param name file name without folder and extension, unique among the inputs; outputs are named
 *     after it
 */
public record InputFile(Path path, String name) {
    private static final Set<String> VIDEO_ENDINGS =
            Set.of("mp4", "m4v", "mov", "avi", "mkv", "webm", "mpg", "mpeg", "wmv", "flv", "ts", "ogv");

    /** Maximum length of a file name in common file systems. */
    private static final int MAX_BYTES = 255;

    /** Whether the extension is that of a video; all other files are images. */
    public boolean isVideo() {
        return isNamedAsVideo(path);
    }

    /**
     * The path of an output of this input: a file or folder with that name.
     *
     * @throws UnwritableOutputException if there can't be such a name
     */
    Path outputIn(Path folder, String outputName) throws UnwritableOutputException {
        if (outputName.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new UnwritableOutputException(
                    this,
                    "the name of an output would be longer than " + MAX_BYTES
                            + " bytes; shorten the name of the input file");
        }
        try {
            return folder.resolve(outputName);
        } catch (InvalidPathException e) {
            throw new UnwritableOutputException(
                    this,
                    "in this locale Java can't create an output with its name (" + e.getReason()
                            + "): export LC_ALL=C.UTF-8");
        }
    }

    static boolean isNamedAsVideo(Path path) {
        return VIDEO_ENDINGS.contains(ending(path));
    }

    static boolean isNamedAsInput(Path path) {
        return isNamedAsVideo(path) || ImageFile.isNamedAsOne(path.getFileName().toString());
    }

    private static String ending(Path path) {
        String name = path.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
