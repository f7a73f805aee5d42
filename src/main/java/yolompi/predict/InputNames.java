package yolompi.predict;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives each input a unique name that is not the name of a video frame either: the file name
 * without extension, with a number if that is taken. Names that differ only in case count as equal,
 * because some file systems ignore case.
 */
final class InputNames {
    /** Names of video frames: see {@link Frame#name}. */
    private static final Pattern FRAME = Pattern.compile("(.*)_\\d{6,}", Pattern.DOTALL);

    private final Set<String> taken = new HashSet<>();
    private final Set<String> takenByFrames = new HashSet<>();

    /**
     * Takes all inputs, so that a video gets the number, and not each image that was extracted from
     * it.
     */
    InputNames(Collection<Path> inputs) {
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
