package yolompi.predict;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives each input a name that neither another has nor a video's frame: the file's own without its ending, with a number where it is taken.
 * Case doesn't tell names apart everywhere.
 */
final class InputNames {
    /** As {@link Frame#name} calls the frames of a video. */
    private static final Pattern FRAME = Pattern.compile("(.*)_\\d{6,}", Pattern.DOTALL);

    private final Set<String> taken = new HashSet<>();
    private final Set<String> takenByFrames = new HashSet<>();

    /** Begins with all inputs in view, so that a video gets the number, and not each of the images that were made of it. */
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
