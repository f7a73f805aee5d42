package yolompi.cli;

import java.util.Locale;
import yolompi.WrongUsageException;
import yolompi.data.Encoding;

/**
 * The loader speed that training needs, so that it never waits for images.
 *
 * @param images images/s of all ranks together; 0: no target
 */
record LoaderTarget(double images) {
    LoaderTarget {
        if (!(images >= 0) || Double.isInfinite(images)) {
            throw new WrongUsageException("--target %s: expected images/s, such as 900".formatted(images));
        }
    }

    boolean isMissedBy(double reached) {
        return reached < images;
    }

    /**
     * Compares a measurement with the target; if the target is missed, says how to reach it.
     *
     * @param row sample order and cache state
     * @param reached images/s of all loader threads together
     * @param threads loader threads of all ranks
     * @param cores cores of all ranks
     */
    String verdict(String row, double reached, double threads, double cores, Encoding encoding) {
        String found = String.format(
                Locale.ROOT,
                "target of %.0f images/s, %s: %.0f %% reached with %.0f loader threads, %.1f images/s each",
                images,
                row,
                100 * reached / images,
                threads,
                reached / threads);
        return isMissedBy(reached)
                ? found + "; " + remedy(Math.ceil(images * threads / reached), cores, encoding)
                : found;
    }

    private static String remedy(double needed, double cores, Encoding encoding) {
        String wanted = String.format(Locale.ROOT, "%.0f loader threads are needed at that speed", needed);
        if (needed <= cores) {
            return wanted + ": raise data.workers";
        }
        String more = String.format(Locale.ROOT, ", but the job has %.0f cores: start it with more cores", cores);
        return wanted
                + more
                + (encoding == Encoding.RAW
                        ? ", or augment less"
                        : ", augment less, or pack with --encoding raw, which needs no decoding");
    }
}
