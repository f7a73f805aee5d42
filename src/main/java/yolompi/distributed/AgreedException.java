package yolompi.distributed;

import yolompi.InputException;

/**
 * A failure that all ranks know and throw together. Rank 0 alone reports it, and all ranks end
 * normally.
 */
public final class AgreedException extends RuntimeException {
    public AgreedException(String message) {
        super(message);
    }

    /** A failure with the same message on all ranks. */
    AgreedException(InputException cause) {
        super(cause.getMessage(), cause);
    }
}
