package yolompi.predict;

import java.io.IOException;

/**
 * Thrown if an output of one input can't be written. Other outputs and those of other inputs are
 * not affected.
 */
final class UnwritableOutputException extends IOException {
    private final String input;

    UnwritableOutputException(InputFile input, String why) {
        super(why);
        this.input = input.path().toString();
    }

    /** The path of the input, for messages. */
    String input() {
        return input;
    }
}
