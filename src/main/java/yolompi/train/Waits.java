package yolompi.train;

/**
 * Time that this rank has waited, since the start.
 *
 * @param dataNanos for the loader
 * @param gradientNanos for the gradients of others, when its own were done, as far as the rank's status has not counted that
 */
record Waits(long dataNanos, long gradientNanos) {}
