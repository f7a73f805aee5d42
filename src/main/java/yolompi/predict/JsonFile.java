package yolompi.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes all detections to one file: see {@link PredictionsJson}. */
public final class JsonFile implements Output {
    private final Path file;
    private final List<PredictedImage> images = new ArrayList<>();

    public JsonFile(Path file) {
        this.file = file;
    }

    @Override
    public void add(SeenFrame seen, PredictedImage found) {
        images.add(found);
    }

    @Override
    public void finish() throws IOException {
        PredictionsJson.write(file, images);
    }

    @Override
    public String title() {
        return "all boxes in " + file;
    }
}
