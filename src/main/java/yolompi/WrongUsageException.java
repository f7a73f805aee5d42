package yolompi;

/**
 * An invalid value of an option, or options that conflict, independent of files and machine. It
 * ends a command with the exit status of wrong usage, as an unknown option does.
 */
public final class WrongUsageException extends InputException {
    public WrongUsageException(String message) {
        super(message);
    }

    public WrongUsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
