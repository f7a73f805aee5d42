package yolompi.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalInt;

/**
 * An image, or a frame of a video.
 *
 * @param input file of the image or video
 * @param number number of the frame in the video, from 0; empty for an image
 * @param rate frames per second of the video; 0 for an image
 * @param content reads the bytes of an image file
 */
public record Frame(InputFile input, OptionalInt number, double rate, Content content) {
    /** Source of the bytes of an image file. */
    public interface Content {
        byte[] read() throws IOException;
    }

    static Frame ofImage(InputFile input) {
        return new Frame(input, OptionalInt.empty(), 0, () -> Files.readAllBytes(input.path()));
    }

    /** The name of the input; for a video with the number of the frame. */
    public String name() {
        return number.isPresent() ? "%s_%06d".formatted(input.name(), number.getAsInt()) : input.name();
    }

    /** The name in messages. */
    public String title() {
        return input.path() + (number.isPresent() ? ", frame " + number.getAsInt() : "");
    }
}
