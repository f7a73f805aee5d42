package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import yolompi.report.BoxPainter;
import yolompi.report.Picture;
import yolompi.report.PredictedImage;

/** Each picture with the boxes drawn into it: {@code NAME.jpg} for an image, {@code NAME.mp4} for a video. */
public final class DrawnPictures implements Output {
    private final Path folder;
    private Optional<VideoWriter> video = Optional.empty();

    public DrawnPictures(Path folder) {
        this.folder = folder;
    }

    @Override
    public void add(SeenFrame seen, PredictedImage found) throws IOException {
        BufferedImage drawn = BoxPainter.paint(seen.picture(), List.of(), found.boxes());
        InputFile input = seen.frame().input();
        if (!input.isVideo()) {
            Picture.write(drawn, folder.resolve(input.name() + ".jpg"));
            return;
        }
        if (video.isEmpty() || !video.get().isOf(input)) {
            finish();
            video = Optional.of(VideoWriter.open(seen.frame(), folder.resolve(input.name() + ".mp4"), drawn));
        }
        video.get().add(drawn);
    }

    @Override
    public void finish() throws IOException {
        if (video.isPresent()) {
            video.get().finish();
            video = Optional.empty();
        }
    }

    @Override
    public void close() {
        video.ifPresent(VideoWriter::abandon);
    }

    @Override
    public String title() {
        return "pictures in " + folder;
    }
}
