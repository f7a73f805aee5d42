package yolompi.train.stop;

/** How a training without failure ended. */
public enum Ending {
    /** After its last step. */
    DONE,
    /** Earlier, on request; its state is saved. */
    STOPPED
}
