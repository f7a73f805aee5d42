package yolompi.data;

/** How a shard stores its images. */
public enum ImageEncoding {
    /** The unchanged bytes of the image file (JPEG, PNG …). */
    JPEG,
    /** uint8 {@code [S,S,3]}, RGB, letterboxed to the square size of the shard. */
    RAW
}
