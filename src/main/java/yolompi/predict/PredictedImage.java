package yolompi.predict;

import java.util.List;
import java.util.OptionalInt;
import yolompi.report.image.PredictedBox;

/**
 * All predictions for one image or video frame.
 *
 * @param file path as written to the output
 * @param frame index of the video frame, from 0; empty for an image
 * @param width of the upright image, pixels
 * @param height of the upright image, pixels
 * @param boxes sorted by score, highest first
 */
public record PredictedImage(String file, OptionalInt frame, int width, int height, List<PredictedBox> boxes) {
    public PredictedImage {
        boxes = List.copyOf(boxes);
    }
}
