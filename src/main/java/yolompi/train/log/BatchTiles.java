package yolompi.train.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import yolompi.data.Batch;
import yolompi.data.SampleRef;
import yolompi.data.shard.ShardSet;
import yolompi.geometry.Box;
import yolompi.report.image.BoxPainter;
import yolompi.report.image.ContactSheet;
import yolompi.report.image.DrawnBox;
import yolompi.report.image.RgbImage;

/** Draws the images of a batch as the network receives them, with their ground-truth boxes. */
public final class BatchTiles {
    private static final int BOX_VALUES = 6;

    private BatchTiles() {}

    /**
     * Returns a tile for each image, named after its source and epoch.
     *
     * @param most maximum number of images: a tile takes more memory than its image in the batch
     */
    public static List<ContactSheet.Tile> of(Batch batch, ShardSet shards, int most) {
        List<List<DrawnBox>> boxes = new ArrayList<>();
        batch.samples().forEach(sample -> boxes.add(new ArrayList<>()));
        float[] rows = batch.boxes();
        for (int row = 0; row < rows.length; row += BOX_VALUES) {
            Box box = Box.ofCenter(rows[row + 2], rows[row + 3], rows[row + 4], rows[row + 5]);
            boxes.get((int) rows[row]).add(DrawnBox.groundTruth((int) rows[row + 1], box));
        }
        List<ContactSheet.Tile> tiles = new ArrayList<>();
        int bytes = Batch.bytesOf(1, batch.size());
        for (int i = 0; i < Math.min(most, batch.imageCount()); i++) {
            SampleRef sample = batch.samples().get(i);
            byte[] pixels = Arrays.copyOfRange(batch.images(), i * bytes, (i + 1) * bytes);
            tiles.add(new ContactSheet.Tile(
                    BoxPainter.paint(RgbImage.ofRgb(pixels, batch.size(), batch.size()), boxes.get(i)),
                    "%s, epoch %d".formatted(shards.imageId(sample.index()), sample.epoch() + 1)));
        }
        return tiles;
    }

    /**
     * Counts the boxes of each class.
     *
     * @return {@code [C]}
     */
    public static int[] boxes(Batch batch, int classes) {
        int[] counts = new int[classes];
        float[] rows = batch.boxes();
        for (int row = 0; row < rows.length; row += BOX_VALUES) {
            counts[(int) rows[row + 1]]++;
        }
        return counts;
    }
}
