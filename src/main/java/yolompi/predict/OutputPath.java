package yolompi.predict;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where an output goes that is called by its input. */
final class OutputPath {
    /** As usual file systems have it. */
    private static final int MOST_BYTES = 255;

    private OutputPath() {}

    /**
     * A file or folder of that name.
     *
     * @throws UnwritableOutputException where none can be called so
     */
    static Path in(Path folder, String name, InputFile input) throws UnwritableOutputException {
        if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new UnwritableOutputException(
                    input,
                    "an output's name would be longer than " + MOST_BYTES + " bytes; give the file a shorter one");
        }
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            throw new UnwritableOutputException(
                    input,
                    "in this locale Java can't make an output called by it (" + e.getReason()
                            + "): export LC_ALL=C.UTF-8");
        }
    }
}
