package yolompi.eval.metric;

/**
 * An object class.
 *
 * @param id as in COCO's files
 */
public record Category(CocoId id, String name) {}
