package yolompi.dist;

import yolompi.InputException;

/** A failure that all ranks know of and throw together, so that rank 0 alone tells it and all leave in good order. */
public final class AgreedException extends RuntimeException {
    public AgreedException(String message) {
        super(message);
    }

    /** What went wrong on all ranks alike. */
    AgreedException(InputException cause) {
        super(cause.getMessage(), cause);
    }
}
