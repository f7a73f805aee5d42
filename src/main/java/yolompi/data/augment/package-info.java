/**
 * From a sample to network input: one affine map and one interpolation for each pixel.
 *
 * <p>Read {@link yolompi.data.augment.Augmenter} first: it decodes, letterboxes and augments one
 * reading of a sample. {@code Augmentation} draws the random changes of one image,
 * {@code Affine} is their geometric part, and {@code Mosaic} places four images in one input.
 * {@code ShardImage} decodes the image of a sample at the resolution it needs,
 * {@code Canvas} paints it into the square input and changes its colors.
 *
 * <p>The random numbers of a reading depend only on the seed and the reading itself. One pointer
 * scope per reading frees all OpenCV matrices.
 */
package yolompi.data.augment;
