package yolompi.eval;

/**
 * What is wrong, after Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", 2020, section 2.2. An overlap is
 * enough from IoU 0.5, and none below 0.1.
 */
public enum ErrorKind {
    /** Found in the right place with the wrong class. */
    CLASSIFICATION("right place, wrong class"),
    /** The right class, but the box overlaps the true one too little. */
    LOCALISATION("right class, box too far off"),
    /** The wrong class, and the box overlaps the true one too little. */
    BOTH("wrong class, and box too far off"),
    /** A second detection of a box that another one has found. */
    DUPLICATE("a box found once more"),
    /** Found where nothing is. */
    BACKGROUND("found where nothing is"),
    /** A true box that no detection has found, nor would if its class or place were right. */
    MISSED("a box not found at all");

    private final String meaning;

    ErrorKind(String meaning) {
        this.meaning = meaning;
    }

    /** In a few words. */
    public String meaning() {
        return meaning;
    }
}
