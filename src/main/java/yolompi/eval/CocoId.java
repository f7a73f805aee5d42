package yolompi.eval;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The id of an image, a category or an annotation. {@code 7}, {@code 7.0} and {@code "7"} are one id, since programs write it one way in
 * the ground truth and another way with the detections; {@code "07"} and {@code "img_01"} are names.
 *
 * @param text the plain digits of a number, or the name
 * @param quoted whether the file has it as a string, which decides its place among others
 */
public record CocoId(String text, boolean quoted) {
    /**
     * The order in which pycocotools takes images, by which equal scores are decided: numbers by value, strings by their characters
     * ({@code "10"} before {@code "9"}). Where a file mixes both, which pycocotools refuses, numbers come first.
     */
    static final Comparator<CocoId> ORDER = CocoId::compare;

    /** A whole number. */
    public static CocoId of(long number) {
        return new CocoId(Long.toString(number), false);
    }

    /** A number; a whole one is the same id as that without a point. */
    static CocoId of(double number) {
        return new CocoId(
                number == Math.rint(number)
                        ? new BigDecimal(number).toBigInteger().toString()
                        : Double.toString(number),
                false);
    }

    private static int compare(CocoId one, CocoId other) {
        if (one.quoted != other.quoted) {
            return one.quoted ? 1 : -1;
        }
        return one.quoted
                ? Arrays.compare(
                        one.text.codePoints().toArray(), other.text.codePoints().toArray())
                : new BigDecimal(one.text).compareTo(new BigDecimal(other.text));
    }
}
