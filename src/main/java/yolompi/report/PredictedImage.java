package yolompi.report;

import java.util.List;
import java.util.OptionalInt;

/**
 * All that was found in one image file.
 *
 * @param file as the reader of the predictions should see it
 * @param frame which frame of a video, from 0; empty for an image
 * @param width of the upright image, pixels
 * @param height of the upright image, pixels
 * @param boxes best first
 */
public record PredictedImage(String file, OptionalInt frame, int width, int height, List<PredictedBox> boxes) {
    public PredictedImage {
        boxes = List.copyOf(boxes);
    }
}
