package yolompi.report;

/** Numbers of things in sentences: one epoch, but two epochs. */
public final class Counted {
    private Counted() {}

    /**
     * The number and the word for it.
     *
     * @param singular a noun that makes its plural by an s
     */
    public static String of(long number, String singular) {
        return "%,d %s%s".formatted(number, singular, number == 1 ? "" : "s");
    }
}
