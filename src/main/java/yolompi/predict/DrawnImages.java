package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import yolompi.detect.Detection;
import yolompi.report.image.BoxPainter;
import yolompi.report.image.DrawnBox;
import yolompi.report.image.RgbImage;

/**
 * Writes each image or video with its detections drawn into it: {@code NAME.jpg} for an image,
 * {@code NAME.mp4} for a video.
 */
public final class DrawnImages implements Output {
    private final Path folder;
    private final List<String> names;
    private Optional<VideoWriter> video = Optional.empty();
    private Optional<InputFile> unwritable = Optional.empty();

    /**
     * Creates the output.
     *
     * @param names class names
     */
    public DrawnImages(Path folder, List<String> names) {
        this.folder = folder;
        this.names = names;
    }

    @Override
    public void add(SeenFrame seen, List<Detection> found) throws IOException {
        InputFile input = seen.frame().input();
        if (unwritable.equals(Optional.of(input))) {
            return;
        }
        try {
            write(seen.frame(), BoxPainter.paint(seen.picture(), boxes(found)));
        } catch (UnwritableOutputException e) {
            unwritable = Optional.of(input);
            close();
            throw e;
        }
    }

    private List<DrawnBox> boxes(List<Detection> found) {
        return found.stream()
                .map(detection -> DrawnBox.prediction(
                        detection.classId(), names.get(detection.classId()), detection.score(), detection.box()))
                .toList();
    }

    private void write(Frame frame, BufferedImage drawn) throws IOException {
        InputFile input = frame.input();
        if (!input.isVideo()) {
            RgbImage.write(drawn, input.outputIn(folder, input.name() + ".jpg"));
            return;
        }
        if (video.isEmpty()) {
            video = Optional.of(VideoWriter.open(frame, input.outputIn(folder, input.name() + ".mp4"), drawn));
        }
        video.get().add(drawn);
    }

    @Override
    public void endInput() throws UnwritableOutputException {
        Optional<VideoWriter> whole = video;
        video = Optional.empty();
        if (whole.isPresent()) {
            whole.get().finish();
        }
    }

    @Override
    public void close() {
        video.ifPresent(VideoWriter::abandon);
        video = Optional.empty();
    }

    @Override
    public String title() {
        return "images with boxes in " + folder;
    }
}
