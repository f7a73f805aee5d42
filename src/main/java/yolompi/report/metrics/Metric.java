package yolompi.report.metrics;

import java.util.Locale;

/** The measured columns of metrics.csv. A value that a row lacks is blank. */
public enum Metric {
    /** Seconds of training since the first step; a resumed run continues its checkpoint's count. */
    TIME_S,
    LOSS,
    LOSS_BOX,
    LOSS_OBJECT,
    LOSS_CLASS,
    LEARNING_RATE,
    /** All ranks together. */
    IMAGES_PER_S,
    /** Fraction of the step time spent waiting for images, 0 to 1. */
    DATA_WAIT,
    /** Loss of the validation set. */
    VAL_LOSS,
    MAP50,
    MAP5095,
    /** Steps so far whose update was skipped because a number was not finite. */
    SKIPPED_STEPS;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
