package yolompi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import yolompi.InputException;
import yolompi.data.Batch;
import yolompi.data.BatchLoader;
import yolompi.data.SampleRef;
import yolompi.data.ShardSet;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.geometry.Box;
import yolompi.recipe.Recipe;
import yolompi.report.BoxPainter;
import yolompi.report.ContactSheet;
import yolompi.report.Picture;
import yolompi.report.TrueBox;
import yolompi.train.TrainingSetup;

@Command(
        name = "inspect",
        description =
                "Draws the images of a training step as they enter the network, augmented, with their true boxes.")
final class InspectCommand implements Callable<Integer> {
    private static final int BOX_VALUES = 6;

    @Mixin
    private RecipeArguments arguments;

    @Option(names = "--step", paramLabel = "N", defaultValue = "1", description = "Step of the training, from 1.")
    private long step;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "step.png",
            description = "The picture: .png or .jpg; replaced if it exists.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::inspect);
    }

    private void inspect(Communicator ranks) {
        Recipe recipe = Agreement.on(ranks, arguments::read);
        try (TrainingSetup setup = TrainingSetup.prepare(recipe, Path.of("runs"), ranks)) {
            Agreement.on(ranks, () -> {
                checkStep(setup.totalSteps());
                if (ranks.world().isFirst()) {
                    draw(setup);
                }
                return out;
            });
        }
    }

    private void checkStep(long steps) {
        if (step < 1 || step > steps) {
            throw new InputException(
                    "--step %d: expected 1 to %d, the last step of this recipe".formatted(step, steps));
        }
    }

    private void draw(TrainingSetup setup) {
        ShardSet shards = setup.data().train();
        try (BatchLoader loader = setup.loadWhole(step - 1, step)) {
            List<ContactSheet.Tile> tiles = new ArrayList<>();
            int[] counts = new int[shards.names().size()];
            for (Batch batch : loader.next().batches()) {
                tiles.addAll(tiles(batch, shards, counts));
            }
            List<String> classes = IntStream.range(0, counts.length)
                    .mapToObj(id -> shards.names().get(id) + " " + counts[id])
                    .toList();
            Picture.write(ContactSheet.of(tiles, classes), out);
            System.out.printf(
                    "step %d: %d images at %d px, %d boxes (%s); drawn in %s%n",
                    step,
                    tiles.size(),
                    setup.sizes().at(step - 1),
                    Arrays.stream(counts).sum(),
                    String.join(", ", classes),
                    out);
            MosaicLine.of(setup.recipe()).ifPresent(System.out::println);
        } catch (IOException e) {
            throw new InputException("--out: can't write the picture: " + Failures.inWords(e), e);
        }
    }

    /** The images of a batch with their boxes drawn into them; counts the boxes by class. */
    private static List<ContactSheet.Tile> tiles(Batch batch, ShardSet shards, int[] counts) {
        List<List<TrueBox>> boxes = new ArrayList<>();
        batch.samples().forEach(sample -> boxes.add(new ArrayList<>()));
        float[] rows = batch.boxes();
        for (int row = 0; row < rows.length; row += BOX_VALUES) {
            int classId = (int) rows[row + 1];
            Box box = Box.ofCenter(rows[row + 2], rows[row + 3], rows[row + 4], rows[row + 5]);
            boxes.get((int) rows[row]).add(new TrueBox(classId, box));
            counts[classId]++;
        }
        List<ContactSheet.Tile> tiles = new ArrayList<>();
        int bytes = Batch.bytesOf(1, batch.size());
        for (int i = 0; i < batch.imageCount(); i++) {
            SampleRef sample = batch.samples().get(i);
            byte[] pixels = Arrays.copyOfRange(batch.images(), i * bytes, (i + 1) * bytes);
            tiles.add(new ContactSheet.Tile(
                    BoxPainter.paint(Picture.ofRgb(pixels, batch.size(), batch.size()), boxes.get(i), List.of()),
                    "%s, epoch %d".formatted(shards.imageId(sample.index()), sample.epoch() + 1)));
        }
        return tiles;
    }
}
