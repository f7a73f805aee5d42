package yolompi.data;

import java.util.List;
import yolompi.geometry.LabeledBox;

/**
 * One record of a shard set, as packed.
 *
 * @param index position in the shard set, from 0; the sample id from which order and random numbers
 *     derive
 * @param imageId the id in the source data set: COCO image id, or file name without extension
 * @param width width of the upright original image, pixels; boxes are in its coordinates
 * @param height height of the upright original image, pixels
 * @param image bytes of the image file, or uint8 {@code [S,S,3]} RGB, depending on {@code encoding}
 * @param boxes ground-truth boxes in pixels of the upright original image; also for RAW, so map
 *     them with its Letterbox
 */
public record Sample(
        int index,
        String imageId,
        int width,
        int height,
        ImageEncoding encoding,
        byte[] image,
        List<LabeledBox> boxes) {}
