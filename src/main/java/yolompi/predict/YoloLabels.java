package yolompi.predict;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.io.AtomicFile;

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
    public void add(SeenFrame seen, List<Detection> found) throws IOException {
        Frame frame = seen.frame();
        Path file = frame.input().outputIn(folder, frame.name() + ".txt");
        AtomicFile.write(file, out -> write(found, seen.image(), out));
    }

    private static void write(List<Detection> found, ImageFile image, OutputStream out) throws IOException {
        for (Detection detection : found) {
            Box box = detection.box();
            String line = String.format(
                    Locale.ROOT,
                    "%d %.6f %.6f %.6f %.6f %.6f%n",
                    detection.classId(),
                    box.centerX() / image.width(),
                    box.centerY() / image.height(),
                    box.width() / image.width(),
                    box.height() / image.height(),
                    detection.score());
            out.write(line.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Override
    public String title() {
        return "YOLO text files in " + folder;
    }
}
