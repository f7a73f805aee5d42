package yolompi.data;

import java.util.SplittableRandom;
import java.util.function.DoubleToIntFunction;

/**
 * Four images round one point, as YOLOv4 trains on (Bochkovskiy et al., 2020, section 3.3): each is
 * scaled to fit the input as it would be alone, and lies with a corner at the point, which is
 * anywhere in the input. So objects keep their sizes, are cut at other places, and stand beside
 * others. What sticks out of the input can come back into it, by the changes that follow.
 *
 * @param centerX of the point, as a part of the input's edge, 0 to 1
 * @param centerY the same downwards
 * @param first the image at the top right, by its position in the shard set
 * @param second that at the bottom left
 * @param third that at the bottom right
 */
record Mosaic(double centerX, double centerY, int first, int second, int third) {
    static final int TILES = 4;

    /**
     * Draws the same five numbers every time.
     *
     * @param partner the image for a number from 0 to 1
     */
    static Mosaic draw(SplittableRandom random, DoubleToIntFunction partner) {
        return new Mosaic(
                random.nextDouble(),
                random.nextDouble(),
                partner.applyAsInt(random.nextDouble()),
                partner.applyAsInt(random.nextDouble()),
                partner.applyAsInt(random.nextDouble()));
    }

    /** The image of a tile; tile 0, at the top left, is that of the reading itself. */
    int index(int tile, int own) {
        return switch (tile) {
            case 0 -> own;
            case 1 -> first;
            case 2 -> second;
            default -> third;
        };
    }

    /**
     * Where an image lies in the input before all other changes: from its pixels to those of a
     * square of edge {@code size}.
     */
    Affine place(int tile, int width, int height, int size) {
        double scale = Math.min((double) size / width, (double) size / height);
        double left = centerX * size - (tile % 2 == 0 ? width * scale : 0);
        double top = centerY * size - (tile < 2 ? height * scale : 0);
        return Affine.scale(scale, scale).then(Affine.move(left, top));
    }
}
