package yolompi.eval;

/**
 * A class of objects.
 *
 * @param id as COCO's files have it
 */
public record Category(CocoId id, String name) {}
