package yolompi.detect;

import java.util.List;
import java.util.Optional;
import yolompi.geometry.Box;
import yolompi.geometry.Letterbox;

/**
 * A detected object.
 *
 * @param classId index into the class names of the data set, from 0
 * @param score confidence, 0 to 1
 * @param box in pixels: of the square input from {@link Detector}, of the upright original image
 *     after {@link #inImage}
 */
public record Detection(int classId, float score, Box box) {
    /**
     * Converts the detections of an input to pixels of the original image and clips them to it. The
     * order stays the same; detections outside the image are dropped.
     *
     * @param size edge of the square input
     */
    public static List<Detection> inImage(List<Detection> found, int width, int height, int size) {
        Letterbox letterbox = Letterbox.fit(width, height, size);
        return found.stream()
                .flatMap(detection -> detection.inImage(letterbox, width, height).stream())
                .toList();
    }

    /**
     * Converts this detection from the square input to pixels of the original image and clips it to
     * the image; empty if no part of it is inside.
     *
     * @param letterbox position of the image in the input
     */
    public Optional<Detection> inImage(Letterbox letterbox, int width, int height) {
        Box inside = letterbox.toImage(box).clip(width, height);
        return inside.isEmpty() ? Optional.empty() : Optional.of(new Detection(classId, score, inside));
    }
}
