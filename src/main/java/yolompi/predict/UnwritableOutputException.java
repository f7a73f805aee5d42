package yolompi.predict;

import java.io.IOException;

/** What can't be made of one input, while other outputs and those of other inputs can. */
final class UnwritableOutputException extends IOException {
    private final String input;

    UnwritableOutputException(InputFile input, String why) {
        super(why);
        this.input = input.path().toString();
    }

    /** As messages call it. */
    String input() {
        return input;
    }
}
