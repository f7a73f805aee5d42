package yolompi.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import yolompi.AtomicFile;
import yolompi.InputException;
import yolompi.geometry.Box;

/**
 * The true boxes of a data set in numbers. Places and sizes are parts of the image's edges, in tables of {@value #CELLS} × {@value #CELLS}
 * cells.
 *
 * @param boxes by class
 * @param centres {@code [row][column]}: boxes whose centre lies there
 * @param sizes {@code [height][width]}: boxes that are so large; on a scale of square roots, since most are small
 */
public record Labels(List<String> names, long[] boxes, long[][] centres, long[][] sizes) {
    private static final int CELLS = 24;
    private static final String FILE = "labels.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    public Labels {
        names = List.copyOf(names);
    }

    /** Nothing counted yet. */
    public static Labels none(List<String> names) {
        return new Labels(names, new long[names.size()], new long[CELLS][CELLS], new long[CELLS][CELLS]);
    }

    /**
     * Counts a box.
     *
     * @param box in parts of the image's edges, 0 to 1
     */
    public void count(int classId, Box box) {
        boxes[classId]++;
        centres[cell((box.y1() + box.y2()) / 2)][cell((box.x1() + box.x2()) / 2)]++;
        sizes[cell(Math.sqrt(box.height()))][cell(Math.sqrt(box.width()))]++;
    }

    /** Writes or replaces the file of a run folder. */
    public void write(Path runFolder) throws IOException {
        byte[] text = JSON.writeValueAsBytes(this);
        AtomicFile.write(runFolder.resolve(FILE), out -> out.write(text));
    }

    /**
     * Reads that of a run folder; empty where there is none.
     *
     * @throws InputException where it holds something else
     */
    static Optional<Labels> read(Path runFolder) throws IOException {
        Path file = runFolder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), Labels.class));
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": holds no numbers of boxes: " + e.getOriginalMessage(), e);
        }
    }

    private static int cell(double part) {
        return (int) Math.max(0, Math.min(CELLS - 1, part * CELLS));
    }
}
