package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import yolompi.report.image.Picture;
import yolompi.report.image.PredictedBox;

/**
 * Writes each detection as an image of its own: {@code CLASS/NAME-1.jpg}, the best detection first.
 */
public final class Crops implements Output {
    private final Path folder;

    public Crops(Path folder) {
        this.folder = folder;
    }

    @Override
    public void add(SeenFrame seen, PredictedImage found) throws IOException {
        if (found.boxes().isEmpty()) {
            return;
        }
        BufferedImage whole = seen.picture();
        for (int i = 0; i < found.boxes().size(); i++) {
            PredictedBox box = found.boxes().get(i);
            Picture.write(part(whole, box), path(seen.frame(), box, i + 1));
        }
    }

    private Path path(Frame frame, PredictedBox box, int number) throws UnwritableOutputException {
        Path ofClass = OutputPath.in(folder, folderName(box), frame.input());
        return OutputPath.in(ofClass, frame.name() + "-" + number + ".jpg", frame.input());
    }

    /** All pixels that the box touches. */
    private static BufferedImage part(BufferedImage whole, PredictedBox predicted) {
        int left = Math.min((int) predicted.box().x1(), whole.getWidth() - 1);
        int top = Math.min((int) predicted.box().y1(), whole.getHeight() - 1);
        int right = (int) Math.ceil(predicted.box().x2());
        int bottom = (int) Math.ceil(predicted.box().y2());
        return whole.getSubimage(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }

    /**
     * Turns a class name into a folder name. Class names come from a data set and must not lead to
     * another folder.
     */
    private static String folderName(PredictedBox box) {
        String safe = box.name().replaceAll("[^\\p{L}\\p{N} _-]", "_").strip();
        return safe.isEmpty() ? "class-" + box.classId() : safe;
    }

    @Override
    public String title() {
        return "crops in " + folder;
    }
}
