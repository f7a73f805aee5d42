package yolompi.recipe;

import yolompi.InputException;

/**
 * Range checks of the recipe's records. Each message has the key, the value and the valid range.
 */
final class Limits {
    private Limits() {}

    static void atLeast(String key, double value, double least) {
        if (!(value >= least)) {
            throw new InputException(key + " = " + show(value) + ": expected at least " + show(least));
        }
    }

    static void above(String key, double value, double bound) {
        if (!(value > bound)) {
            throw new InputException(key + " = " + show(value) + ": expected more than " + show(bound));
        }
    }

    static void within(String key, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new InputException(key + " = " + show(value) + ": expected " + show(least) + " to " + show(most));
        }
    }

    static void fail(String key, Object value, String expected) {
        throw new InputException(key + " = " + value + ": expected " + expected);
    }

    private static String show(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
