package yolompi.report;

import java.util.List;

/**
 * All that was found in one image file.
 *
 * @param file as the reader of the predictions should see it
 * @param width of the upright image, pixels
 * @param height of the upright image, pixels
 * @param boxes best first
 */
public record PredictedImage(String file, int width, int height, List<PredictedBox> boxes) {
    public PredictedImage {
        boxes = List.copyOf(boxes);
    }
}
