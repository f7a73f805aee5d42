package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.report.image.RgbImage;

/**
 * Writes each detection as an image of its own: {@code CLASS/NAME-1.jpg}, the best detection first.
 */
public final class Crops implements Output {
    private final Path folder;
    private final List<String> names;

    /**
     * Creates the output.
     *
     * @param names class names
     */
    public Crops(Path folder, List<String> names) {
        this.folder = folder;
        this.names = names;
    }

    @Override
    public void add(SeenFrame seen, List<Detection> found) throws IOException {
        if (found.isEmpty()) {
            return;
        }
        BufferedImage whole = seen.picture();
        for (int i = 0; i < found.size(); i++) {
            Detection detection = found.get(i);
            RgbImage.write(part(whole, detection.box()), path(seen.frame(), detection.classId(), i + 1));
        }
    }

    private Path path(Frame frame, int classId, int number) throws UnwritableOutputException {
        Path ofClass = frame.input().outputIn(folder, folderName(classId));
        return frame.input().outputIn(ofClass, frame.name() + "-" + number + ".jpg");
    }

    /** All pixels that the box touches. */
    private static BufferedImage part(BufferedImage whole, Box box) {
        int left = Math.min((int) box.x1(), whole.getWidth() - 1);
        int top = Math.min((int) box.y1(), whole.getHeight() - 1);
        int right = (int) Math.ceil(box.x2());
        int bottom = (int) Math.ceil(box.y2());
        return whole.getSubimage(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }

    /**
     * Turns a class name into a folder name. Class names come from a data set and must not lead to
     * another folder.
     */
    private String folderName(int classId) {
        String safe = names.get(classId).replaceAll("[^\\p{L}\\p{N} _-]", "_").strip();
        return safe.isEmpty() ? "class-" + classId : safe;
    }

    @Override
    public String title() {
        return "crops in " + folder;
    }
}
