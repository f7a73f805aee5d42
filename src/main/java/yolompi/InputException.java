package yolompi;

/**
 * Something the user gave is wrong: a recipe, a file, an argument. The message alone is shown, without a stack trace, so it says what,
 * where, what was found, what was expected and how to mend it.
 */
public class InputException extends RuntimeException {
    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
