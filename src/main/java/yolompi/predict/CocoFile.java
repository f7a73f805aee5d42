package yolompi.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import yolompi.detect.Detection;
import yolompi.eval.CocoResults;
import yolompi.eval.ImageResult;
import yolompi.report.PredictedImage;

/** COCO's result format, for {@code score}: a picture's id is its name, a category's is the class's index + 1, as in shards of other than COCO's format. */
public final class CocoFile implements Output {
    private final Path file;
    private final List<String> names = new ArrayList<>();
    private final List<ImageResult> results = new ArrayList<>();

    public CocoFile(Path file) {
        this.file = file;
    }

    @Override
    public void add(SeenFrame seen, PredictedImage found) {
        List<Detection> detections = found.boxes().stream()
                .map(box -> new Detection(box.classId(), box.score(), box.box()))
                .toList();
        results.add(new ImageResult(names.size(), List.of(), detections));
        names.add(seen.frame().name());
    }

    @Override
    public void finish() throws IOException {
        CocoResults.write(file, results, names::get, classId -> classId + 1);
    }

    @Override
    public String title() {
        return "COCO's format in " + file;
    }
}
