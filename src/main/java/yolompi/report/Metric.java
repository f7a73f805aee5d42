package yolompi.report;

import java.util.Locale;

/** A measured column of metrics.csv. A row leaves blank what it didn't measure. */
public enum Metric {
    /** Seconds of training since its first step; a resumed run goes on from those of its checkpoint. */
    TIME_S,
    LOSS,
    LOSS_BOX,
    LOSS_OBJECT,
    LOSS_CLASS,
    LEARNING_RATE,
    /** Of all ranks together. */
    IMAGES_PER_S,
    /** Share of the time in which the step waited for its images, 0 to 1. */
    DATA_WAIT,
    /** Of the validation images. */
    VAL_LOSS,
    MAP50,
    MAP5095,
    /** Steps so far whose update was left out because the loss was not finite. */
    SKIPPED_STEPS;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
