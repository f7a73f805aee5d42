package yolompi.eval.metric;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The id of an image, a category or an annotation. {@code 7}, {@code 7.0} and {@code "7"} are the
 * same id, as programs write them differently in ground truth and detections. {@code "07"} and
 * {@code "img_01"} are names.
 *
 * @param text digits of a number, or the name
 * @param quoted whether the file has it as a string, which affects the sort order
 */
public record CocoId(String text, boolean quoted) {
    /**
     * The order of images in pycocotools, which breaks ties between equal scores: numbers by value,
     * strings by character ({@code "10"} before {@code "9"}). If a file mixes both, which
     * pycocotools rejects, numbers come first.
     */
    public static final Comparator<CocoId> ORDER = CocoId::compare;

    /** The id of an integer. */
    public static CocoId of(long number) {
        return new CocoId(Long.toString(number), false);
    }

    /** The id of a number. An integral value has the id of the integer. */
    public static CocoId of(double number) {
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
