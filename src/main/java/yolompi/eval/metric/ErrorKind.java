package yolompi.eval.metric;

/**
 * Error types of TIDE: Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection
 * Errors", 2020, section 2.2. The foreground IoU threshold is 0.5, the background threshold 0.1.
 */
public enum ErrorKind {
    /** IoU of at least 0.5 with ground truth of another class. */
    CLASSIFICATION("right place, wrong class"),
    /** IoU of 0.1 to 0.5 with ground truth of the right class. */
    LOCALISATION("right class, IoU below 0.5"),
    /** IoU of 0.1 to 0.5 with ground truth of another class. */
    BOTH("wrong class, IoU below 0.5"),
    /** IoU of at least 0.5 with ground truth that a better detection has matched. */
    DUPLICATE("second detection of a box"),
    /** IoU below 0.1 with all ground truth. */
    BACKGROUND("no ground truth there"),
    /** Ground truth without a match, a localization error or a classification error. */
    MISSED("ground truth not detected");

    private final String meaning;

    ErrorKind(String meaning) {
        this.meaning = meaning;
    }

    /** The error in a few words. */
    public String meaning() {
        return meaning;
    }
}
