package yolompi.train.step;

/**
 * Time that this rank has waited since the start.
 *
 * @param dataNanos waiting for the loader
 * @param gradientNanos waiting for the gradients of other ranks after its own were done, except for
 *     what the rank's status has counted
 */
public record Waits(long dataNanos, long gradientNanos) {}
