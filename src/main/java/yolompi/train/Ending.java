package yolompi.train;

/** How a training ended that did not fail. */
public enum Ending {
    /** After its last step. */
    DONE,
    /** Before, as it was asked to; its state is saved. */
    STOPPED
}
