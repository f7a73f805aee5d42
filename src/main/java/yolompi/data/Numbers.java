package yolompi.data;

/** Reads the numbers of annotation files. */
final class Numbers {
    private Numbers() {}

    /** @throws NumberFormatException naming what and the text, also for infinite numbers and NaN */
    static float finite(String text, String what) {
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new NumberFormatException("%s is '%s', expected a number".formatted(what, text));
        }
        throw new NumberFormatException("%s is '%s', expected a finite number".formatted(what, text));
    }
}
