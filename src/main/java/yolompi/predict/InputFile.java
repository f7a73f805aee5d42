package yolompi.predict;

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

    /** Whether the extension is that of a video; all other files are images. */
    public boolean isVideo() {
        return isNamedAsVideo(path);
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
