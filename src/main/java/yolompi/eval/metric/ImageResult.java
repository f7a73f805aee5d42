package yolompi.eval.metric;

import java.util.List;
import yolompi.detect.Detection;
import yolompi.geometry.LabeledBox;

/**
 * Ground truth and detections of one image. All boxes are in pixels of the upright original image.
 *
 * @param imageIndex the sample's index in the shard set, from 0
 */
public record ImageResult(int imageIndex, List<LabeledBox> truth, List<Detection> detections) {
    public ImageResult {
        truth = List.copyOf(truth);
        detections = List.copyOf(detections);
    }
}
