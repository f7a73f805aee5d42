package yolompi;

/**
 * An error in the user's input: a recipe, a file or an argument. Only the message is shown, without
 * a stack trace. It says what is wrong, where, what was found, what was expected and how to fix it.
 */
public class InputException extends RuntimeException {
    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
