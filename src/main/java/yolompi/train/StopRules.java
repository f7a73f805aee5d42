package yolompi.train;

import java.util.Optional;
import yolompi.WrongUsageException;

/**
 * What ends a training early, beside TERM.
 *
 * @param signal name of a signal, without SIG
 * @param maxMinutes wall time since the process began in which the training must have stopped and saved
 */
public record StopRules(String signal, Optional<Double> maxMinutes) {
    /** What batch systems send ahead of the end when they are asked to. */
    public static final String DEFAULT_SIGNAL = "USR1";

    public StopRules {
        if (maxMinutes.isPresent() && !(maxMinutes.get() > 0)) {
            throw new WrongUsageException("--max-minutes = " + maxMinutes.get() + ": expected more than 0");
        }
    }
}
