package yolompi.report.console;

/** Formats a number with its noun in singular or plural: 1 epoch, 2 epochs. */
public final class Plural {
    private Plural() {}

    /**
     * The number and its noun.
     *
     * @param singular a noun whose plural adds an s
     */
    public static String of(long number, String singular) {
        return "%,d %s%s".formatted(number, singular, number == 1 ? "" : "s");
    }
}
