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
import yolompi.WrongUsageException;
import yolompi.data.Batch;
import yolompi.data.loader.BatchLoader;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.recipe.Recipe;
import yolompi.report.image.ContactSheet;
import yolompi.report.image.RgbImage;
import yolompi.train.log.BatchTiles;
import yolompi.train.setup.TrainingSetup;

@Command(
        name = "inspect",
        description = "Draws the images of a training step as the network gets them: augmented, with their ground-truth"
                + " boxes.")
final class InspectCommand implements Callable<Integer> {
    @Mixin
    private RecipeArguments arguments;

    @Option(names = "--step", paramLabel = "N", defaultValue = "1", description = "Training step, starting at 1.")
    private long step;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "step.png",
            description = "Image file to write (.png or .jpg); an existing file is replaced.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::inspect);
    }

    private void inspect(Communicator ranks) {
        Recipe recipe = Agreement.on(ranks, arguments::read);
        try (TrainingSetup setup = TrainingSetup.prepare(recipe, Path.of("runs"), ranks)) {
            Agreement.on(ranks, () -> {
                checkStep(setup.plan().totalSteps());
                if (ranks.world().isRankZero()) {
                    draw(setup);
                }
                return out;
            });
        }
    }

    private void checkStep(long steps) {
        if (step < 1 || step > steps) {
            throw new WrongUsageException(
                    "--step %d: expected 1 to %d, the last step of this recipe".formatted(step, steps));
        }
    }

    private void draw(TrainingSetup setup) {
        ShardSet shards = setup.data().train();
        try (BatchLoader loader = setup.plan().loadWhole(step - 1, step)) {
            List<ContactSheet.Tile> tiles = new ArrayList<>();
            int[] counts = new int[shards.names().size()];
            for (Batch batch : loader.next().batches()) {
                tiles.addAll(BatchTiles.of(batch, shards, batch.imageCount()));
                int[] own = BatchTiles.boxes(batch, counts.length);
                Arrays.setAll(counts, id -> counts[id] + own[id]);
            }
            List<String> classes = IntStream.range(0, counts.length)
                    .mapToObj(id -> shards.names().get(id) + " " + counts[id])
                    .toList();
            RgbImage.write(ContactSheet.of(tiles, classes), out);
            System.out.printf(
                    "step %d: %d images at %d px, %d boxes (%s); drawn in %s%n",
                    step,
                    tiles.size(),
                    setup.plan().sizes().at(step - 1),
                    Arrays.stream(counts).sum(),
                    String.join(", ", classes),
                    out);
            Summary.mosaic(setup.recipe()).ifPresent(System.out::println);
        } catch (IOException e) {
            throw new InputException("--out: can't write the image: " + ErrorReporter.inWords(e), e);
        }
    }
}
