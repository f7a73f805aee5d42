package yolompi.detect;

import java.util.List;
import java.util.Optional;
import yolompi.geometry.Box;
import yolompi.geometry.Letterbox;

/**
 * One found object.
 *
 * @param classId index into the data set's names, from 0
 * @param score how sure the network is, 0 to 1
 * @param box in pixels: of the square input as {@link Detector} finds it, of the upright original image after {@link #inImage}
 */
public record Detection(int classId, float score, Box box) {
    /**
     * Those of a whole input in pixels of the original image, clipped to it, in their order; what lies beside the image is left out.
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
     * The same in pixels of the original image instead of the square input, clipped to the image; empty where nothing of it lies inside.
     *
     * @param letterbox how the image lay in the input
     */
    public Optional<Detection> inImage(Letterbox letterbox, int width, int height) {
        Box inside = letterbox.toImage(box).clip(width, height);
        return inside.isEmpty() ? Optional.empty() : Optional.of(new Detection(classId, score, inside));
    }
}
