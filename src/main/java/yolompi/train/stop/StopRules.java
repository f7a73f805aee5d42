package yolompi.train.stop;

import java.util.Optional;
import yolompi.WrongUsageException;

/**
 * What ends a training early, in addition to TERM.
 *
 * @param signal name of a signal, without SIG
 * @param maxMinutes wall time since the start of the process within which the training must stop
 *     and save
 */
public record StopRules(String signal, Optional<Double> maxMinutes) {
    /** Signal that batch systems send before the time limit, if configured. */
    public static final String DEFAULT_SIGNAL = "USR1";

    public StopRules {
        if (maxMinutes.isPresent() && !(maxMinutes.get() > 0)) {
            throw new WrongUsageException("--max-minutes = " + maxMinutes.get() + ": expected more than 0");
        }
    }
}
