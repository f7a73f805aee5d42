package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import yolompi.report.image.BoxPainter;
import yolompi.report.image.Picture;

/**
 * Writes each image or video with its detections drawn into it: {@code NAME.jpg} for an image,
 * {@code NAME.mp4} for a video.
 */
public final class DrawnPictures implements Output {
    private final Path folder;
    private Optional<VideoWriter> video = Optional.empty();
    private Optional<InputFile> unwritable = Optional.empty();

    public DrawnPictures(Path folder) {
        this.folder = folder;
    }

    @Override
    public void add(SeenFrame seen, PredictedImage found) throws IOException {
        InputFile input = seen.frame().input();
        if (unwritable.equals(Optional.of(input))) {
            return;
        }
        try {
            write(seen.frame(), BoxPainter.paint(seen.picture(), List.of(), found.boxes()));
        } catch (UnwritableOutputException e) {
            unwritable = Optional.of(input);
            close();
            throw e;
        }
    }

    private void write(Frame frame, BufferedImage drawn) throws IOException {
        InputFile input = frame.input();
        if (!input.isVideo()) {
            Picture.write(drawn, OutputPath.in(folder, input.name() + ".jpg", input));
            return;
        }
        if (video.isEmpty()) {
            video = Optional.of(VideoWriter.open(frame, OutputPath.in(folder, input.name() + ".mp4", input), drawn));
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
