package yolompi.report.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import yolompi.InputException;
import yolompi.geometry.Box;
import yolompi.io.AtomicFile;

/**
 * Statistics of a data set's ground truth: box counts per class, and histograms of box centers and
 * sizes, relative to the image, with {@value #CELLS} × {@value #CELLS} cells.
 *
 * @param boxes count for each class
 * @param centres {@code [row][column]}: count of box centers
 * @param sizes {@code [height][width]}: count of box sizes, on a square-root scale
 */
public record BoxStatistics(List<String> names, long[] boxes, long[][] centres, long[][] sizes) {
    private static final int CELLS = 24;
    private static final String FILE = "labels.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    public BoxStatistics {
        names = List.copyOf(names);
    }

    /** Empty statistics. */
    public static BoxStatistics none(List<String> names) {
        return new BoxStatistics(names, new long[names.size()], new long[CELLS][CELLS], new long[CELLS][CELLS]);
    }

    /**
     * Counts a box.
     *
     * @param box relative to the image, 0 to 1
     */
    public void count(int classId, Box box) {
        boxes[classId]++;
        centres[cell((box.y1() + box.y2()) / 2)][cell((box.x1() + box.x2()) / 2)]++;
        sizes[cell(Math.sqrt(box.height()))][cell(Math.sqrt(box.width()))]++;
    }

    /** Writes or replaces the file in a run folder. */
    public void write(Path runFolder) throws IOException {
        byte[] text = JSON.writeValueAsBytes(this);
        AtomicFile.write(runFolder.resolve(FILE), out -> out.write(text));
    }

    /**
     * Reads the file of a run folder; empty if there is none.
     *
     * @throws InputException if the file has other contents
     */
    public static Optional<BoxStatistics> read(Path runFolder) throws IOException {
        Path file = runFolder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), BoxStatistics.class));
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": is not a file of label statistics: " + e.getOriginalMessage(), e);
        }
    }

    private static int cell(double part) {
        return (int) Math.max(0, Math.min(CELLS - 1, part * CELLS));
    }
}
