package yolompi.train.log;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import yolompi.data.augment.Augmenter.LetterboxedImage;
import yolompi.data.shard.ShardSet;
import yolompi.detect.Detection;
import yolompi.eval.metric.ImageResult;
import yolompi.geometry.LabeledBox;
import yolompi.geometry.Letterbox;
import yolompi.report.image.BoxPainter;
import yolompi.report.image.DrawnBox;
import yolompi.report.image.RgbImage;
import yolompi.report.tensorboard.EventFile;

/**
 * Draws some validation images with ground truth and predictions side by side: always the same
 * images, so that epochs can be compared.
 */
final class ValidationImages {
    private static final int IMAGES = 8;
    private static final float MIN_SCORE = 0.25f;
    /** Small inputs are enlarged to this size, because labels would hide small objects. */
    private static final int SHOWN_EDGE = 640;

    private final ShardSet shards;
    private final int size;
    private final Path folder;

    /**
     * Draws images of a data set.
     *
     * @param size of the network's input, pixels
     */
    ValidationImages(ShardSet shards, int size, Path folder) {
        this.shards = shards;
        this.size = size;
        this.folder = folder;
    }

    /**
     * Creates or replaces the images, and writes them as events.
     *
     * @param results of all validation images, in their order
     */
    void draw(List<ImageResult> results, long step, EventFile events) throws IOException {
        int count = Math.min(IMAGES, results.size());
        for (int i = 0; i < count; i++) {
            ImageResult result = results.get((int) ((long) i * results.size() / count));
            String name = "validation-%d".formatted(i + 1);
            Path file = folder.resolve(name + ".jpg");
            BufferedImage picture = picture(result);
            RgbImage.write(picture, file);
            events.picture(step, "pictures/" + name, picture, file);
        }
    }

    private BufferedImage picture(ImageResult result) {
        int image = result.imageIndex();
        LetterboxedImage view = LetterboxedImage.of(shards, image, size);
        int times = Math.max(1, SHOWN_EDGE / size);
        Letterbox letterbox = Letterbox.fit(shards.width(image), shards.height(image), times * size);
        List<DrawnBox> truth = new ArrayList<>();
        for (LabeledBox labeled : result.truth()) {
            truth.add(DrawnBox.groundTruth(labeled.classId(), letterbox.toSquare(labeled.box())));
        }
        List<DrawnBox> found = new ArrayList<>();
        for (Detection detection : result.detections()) {
            if (detection.score() >= MIN_SCORE) {
                found.add(DrawnBox.prediction(
                        detection.classId(),
                        shards.names().get(detection.classId()),
                        detection.score(),
                        letterbox.toSquare(detection.box())));
            }
        }
        BufferedImage input = RgbImage.enlarged(RgbImage.ofRgb(view.pixels(), size, size), times);
        return RgbImage.sideBySide(BoxPainter.paint(input, truth), BoxPainter.paint(input, found));
    }
}
