package yolompi.predict;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import yolompi.geometry.Box;
import yolompi.io.AtomicFile;
import yolompi.report.image.PredictedBox;

/**
 * Writes YOLO text format: {@code NAME.txt} with one line per box: class from 0, center x, center
 * y, width and height relative to the image size, and the score. An image without detections has an
 * empty file.
 */
public final class YoloLabels implements Output {
    private final Path folder;

    public YoloLabels(Path folder) {
        this.folder = folder;
    }

    @Override
    public void add(SeenFrame seen, PredictedImage found) throws IOException {
        Frame frame = seen.frame();
        AtomicFile.write(OutputPath.in(folder, frame.name() + ".txt", frame.input()), out -> write(found, out));
    }

    private static void write(PredictedImage found, OutputStream out) throws IOException {
        for (PredictedBox predicted : found.boxes()) {
            Box box = predicted.box();
            String line = String.format(
                    Locale.ROOT,
                    "%d %.6f %.6f %.6f %.6f %.6f%n",
                    predicted.classId(),
                    box.centerX() / found.width(),
                    box.centerY() / found.height(),
                    box.width() / found.width(),
                    box.height() / found.height(),
                    predicted.score());
            out.write(line.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Override
    public String title() {
        return "YOLO text files in " + folder;
    }
}
