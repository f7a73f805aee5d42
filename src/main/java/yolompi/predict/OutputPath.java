package yolompi.predict;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of outputs that are named after their input. */
final class OutputPath {
    /** Maximum length of a file name in common file systems. */
    private static final int MOST_BYTES = 255;

    private OutputPath() {}

    /**
     * A file or folder with that name.
     *
     * @throws UnwritableOutputException if there can't be such a name
     */
    static Path in(Path folder, String name, InputFile input) throws UnwritableOutputException {
        if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new UnwritableOutputException(
                    input,
                    "the name of an output would be longer than " + MOST_BYTES + " bytes; shorten the file name");
        }
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new UnwritableOutputException(
                    input,
                    "in this locale Java can't create an output with its name (" + e.getReason()
                            + "): export LC_ALL=C.UTF-8");
        }
    }
}
