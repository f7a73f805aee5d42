package yolompi.pack.annotation;

/**
 * One thing that packing dropped or repaired.
 *
 * @param file the image, or the annotation file if that file cannot be read
 * @param detail what was found; empty if the reason suffices
 */
public record Finding(String file, Reason reason, String detail) {}
