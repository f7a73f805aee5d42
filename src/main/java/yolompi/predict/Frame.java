package yolompi.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalInt;

/**
 * A picture to look at.
 *
 * @param input where it comes from
 * @param number which frame of a video, from 0; empty for an image
 * @param rate frames a second of the video; 0 for an image
 * @param content gives the bytes of an image file
 */
public record Frame(InputFile input, OptionalInt number, double rate, Content content) {
    /** Where a picture's bytes come from. */
    public interface Content {
        byte[] read() throws IOException;
    }

    static Frame ofImage(InputFile input) {
        return new Frame(input, OptionalInt.empty(), 0, () -> Files.readAllBytes(input.path()));
    }

    /** The input's name, and the frame's number in a video. */
    public String name() {
        return number.isPresent() ? "%s_%06d".formatted(input.name(), number.getAsInt()) : input.name();
    }

    /** As messages call it. */
    public String title() {
        return input.path() + (number.isPresent() ? ", frame " + number.getAsInt() : "");
    }
}
