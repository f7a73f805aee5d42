package yolompi.pack;

import java.nio.file.Path;
import yolompi.WrongUsageException;
import yolompi.data.ImageEncoding;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.SourcePaths;

/**
 * Options of packing.
 *
 * @param rawSize edge of the stored squares, pixels; used only for RAW
 * @param shardMib maximum size of a shard, in MiB of image bytes
 * @param maxBadPercent fail if a higher percentage of the images is missing or damaged, 0 to 100
 * @param threads number of threads that check and convert images; does not affect the output
 */
public record PackOptions(
        AnnotationFormat format,
        SourcePaths paths,
        Path out,
        ImageEncoding encoding,
        int rawSize,
        int shardMib,
        double maxBadPercent,
        int threads) {
    public PackOptions {
        require(rawSize >= 32 && rawSize <= 8192, "--size", rawSize, "32 to 8192 pixels");
        require(shardMib >= 1, "--shard-mib", shardMib, "at least 1");
        require(maxBadPercent >= 0 && maxBadPercent <= 100, "--max-bad-percent", maxBadPercent, "0 to 100");
        require(threads >= 1, "--threads", threads, "at least 1");
    }

    private static void require(boolean right, String option, Number found, String expected) {
        if (!right) {
            throw new WrongUsageException("%s: found %s, expected %s".formatted(option, found, expected));
        }
    }
}
