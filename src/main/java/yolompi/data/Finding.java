package yolompi.data;

/**
 * One thing that packing dropped or repaired.
 *
 * @param file the image, or the annotation file where that is what cannot be read
 * @param detail what was found there; empty where the reason says it all
 */
public record Finding(String file, Reason reason, String detail) {}
