package yolompi.cli;

import java.util.Locale;
import yolompi.WrongUsageException;
import yolompi.data.Encoding;

/**
 * A speed that loaders must reach, so that what trains on their images never waits.
 *
 * @param images a second, of all ranks together; 0 where nothing is asked for
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
     * What a measurement means for the target, and what helps where it falls short.
     *
     * @param row which order of samples, from where
     * @param reached images/s of all loader threads together
     * @param threads that loaded, on all ranks
     * @param cores that these have
     */
    String verdict(String row, double reached, double threads, double cores, Encoding encoding) {
        String found = String.format(
                Locale.ROOT,
                "target of %.0f images/s, %s: %.0f %% of it with %.0f loader threads, %.1f images/s each",
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
        String wanted = String.format(Locale.ROOT, "at that speed it takes %.0f", needed);
        if (needed <= cores) {
            return wanted + ": raise data.workers";
        }
        String more = String.format(Locale.ROOT, ", and there are %.0f cores: start the job with more of them", cores);
        return wanted
                + more
                + (encoding == Encoding.RAW
                        ? ", or augment less"
                        : ", augment less, or pack with --encoding raw, which leaves nothing to decode");
    }
}
