package yolompi;

/**
 * An option has a value that it can't have, or options don't go together, whatever the files and the machine are like. It ends a command with the
 * exit status of wrong usage, as an option does that isn't there.
 */
public final class WrongUsageException extends InputException {
    public WrongUsageException(String message) {
        super(message);
    }

    public WrongUsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
