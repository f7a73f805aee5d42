package yolompi.data.augment;

import java.util.SplittableRandom;
import java.util.function.DoubleToIntFunction;

/**
 * The mosaic of YOLOv4 (Bochkovskiy et al., 2020, section 3.3): four images around a point that is
 * anywhere in the input. Each image is scaled to fit the input, as without mosaic, and has one
 * corner at the point. So objects keep their sizes, but are cut off differently and have other
 * neighbors. The changes that follow can move parts from outside back into the input.
 *
 * @param centerX x of the point, as a fraction of the input's edge, 0 to 1
 * @param centerY y of the point, as a fraction of the input's edge, 0 to 1
 * @param first index in the shard set of the image at the top right
 * @param second index of the image at the bottom left
 * @param third index of the image at the bottom right
 */
record Mosaic(double centerX, double centerY, int first, int second, int third) {
    static final int TILES = 4;

    /**
     * Draws the same five numbers every time.
     *
     * @param partner gives the index of an image for a number from 0 to 1
     */
    static Mosaic draw(SplittableRandom random, DoubleToIntFunction partner) {
        return new Mosaic(
                random.nextDouble(),
                random.nextDouble(),
                partner.applyAsInt(random.nextDouble()),
                partner.applyAsInt(random.nextDouble()),
                partner.applyAsInt(random.nextDouble()));
    }

    /** The image of a tile. Tile 0, at the top left, is the sample being read. */
    int index(int tile, int own) {
        return switch (tile) {
            case 0 -> own;
            case 1 -> first;
            case 2 -> second;
            default -> third;
        };
    }

    /**
     * The place of an image in the input before all other changes: a map from image pixels to input
     * pixels.
     *
     * @param size edge of the input, pixels
     */
    Affine place(int tile, int width, int height, int size) {
        double scale = Math.min((double) size / width, (double) size / height);
        double left = centerX * size - (tile % 2 == 0 ? width * scale : 0);
        double top = centerY * size - (tile < 2 ? height * scale : 0);
        return Affine.scale(scale, scale).then(Affine.move(left, top));
    }
}
