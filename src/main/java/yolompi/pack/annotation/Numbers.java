package yolompi.pack.annotation;

/** Parses the numbers of annotation files. */
final class Numbers {
    private Numbers() {}

    /**
     * @throws NumberFormatException if the text is not a finite number; names {@code what} and the
     *     text
     */
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
