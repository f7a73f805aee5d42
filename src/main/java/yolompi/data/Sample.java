package yolompi.data;

import java.util.List;
import yolompi.geometry.LabeledBox;

/**
 * One record of a shard set as it was packed.
 *
 * @param index position in the shard set, from 0; the sample id that orders and random numbers
 *     derive from
 * @param imageId the id in the source data set: COCO's image id, or the file name without its
 *     ending
 * @param width width of the upright original image, pixels; boxes are in its coordinates
 * @param height its height, pixels
 * @param image the file's bytes, or uint8 {@code [S,S,3]} RGB, as {@code encoding} says
 * @param boxes true boxes in pixels of the upright original image (for RAW as well: map them with
 *     its Letterbox)
 */
public record Sample(
        int index, String imageId, int width, int height, Encoding encoding, byte[] image, List<LabeledBox> boxes) {}
