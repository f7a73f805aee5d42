package yolompi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.InputException;
import yolompi.data.AnchorFit;
import yolompi.data.AnchorSearch;
import yolompi.data.BoxShapes;
import yolompi.data.ShardSet;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.model.Architecture;
import yolompi.model.YoloHead;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.report.AnchorPicture;
import yolompi.report.Picture;

@Command(
        name = "anchors",
        description = {
            "Finds prior boxes (anchors) that fit the training set's boxes, and says how well they and the recipe's present ones do.",
            "Reads annotations only, no images."
        })
final class AnchorsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE",
            showDefaultValue = Visibility.NEVER,
            description = "TOML file of a training; without one the defaults hold, and --data must be given.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "SHARD_DIR",
            showDefaultValue = Visibility.NEVER,
            description = "Folder that pack made, instead of the recipe's data.train.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = Visibility.NEVER,
            description = "Change one key of the recipe: --set model.cfg=yolov3, --set data.size=608; may be repeated.")
    private List<String> overrides = List.of();

    @Option(
            names = "--count",
            paramLabel = "N",
            showDefaultValue = Visibility.NEVER,
            description = "Number of anchors. Default: as many as model.cfg has.")
    private Optional<Integer> count = Optional.empty();

    @Option(
            names = "--generations",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Mutations tried after the clusters (k-means) were found.")
    private int generations;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "SEED", description = "The same seed finds the same.")
    private long seed;

    @Option(
            names = "--picture",
            paramLabel = "FILE.png",
            showDefaultValue = Visibility.NEVER,
            description = "Also draw the boxes' sizes and both sets of anchors there.")
    private Optional<Path> picture = Optional.empty();

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::onFirst);
    }

    /** One rank is enough; the others learn whether it failed. */
    private void onFirst(Communicator ranks) {
        Agreement.on(ranks, () -> {
            if (ranks.world().isFirst()) {
                search();
            }
            return ranks;
        });
    }

    private void search() {
        Recipe recipe = file.map(path -> RecipeFile.read(path, overrides))
                .orElseGet(() -> RecipeFile.parse("the default recipe", "", overrides));
        Path folder = data.orElseGet(() -> Path.of(recipe.data().train()));
        if (folder.toString().isEmpty()) {
            throw new InputException(
                    "neither --data nor data.train is given: expected a folder of packed shards; name one, or a recipe that does");
        }
        try (ShardSet shards = ShardSet.open(folder)) {
            List<Double> ownAnchors = recipe.model().anchors();
            Architecture architecture = architecture(recipe, ownAnchors, shards);
            BoxShapes boxes =
                    BoxShapes.of(shards, recipe.data().size(), recipe.augment().minBoxEdge());
            float[] found =
                    rounded(new AnchorSearch(count.orElse(architecture.anchorCount()), generations, seed).fitTo(boxes));
            float[] present = AnchorLines.of(architecture.heads());
            System.out.println(about(folder, recipe, boxes));
            AnchorFit presentFit = AnchorFit.of(boxes, present);
            AnchorFit foundFit = AnchorFit.of(boxes, found);
            AnchorLines.table(presentFit, foundFit).forEach(System.out::println);
            if (found.length == 2 * architecture.anchorCount()) {
                printHeads(architecture(recipe, doubles(found), shards).heads(), boxes);
            } else {
                System.out.printf(
                        "%s has %d anchors: num, mask and filters of its heads must change, too%n",
                        architecture.source(), architecture.anchorCount());
            }
            printFound(found);
            picture.ifPresent(target -> draw(target, boxes, present, found, presentFit, foundFit));
        }
    }

    private static Architecture architecture(Recipe recipe, List<Double> anchors, ShardSet shards) {
        return Architecture.read(recipe.model().cfg(), anchors, shards.names().size());
    }

    private static String about(Path folder, Recipe recipe, BoxShapes boxes) {
        return "%s: %d boxes in %d images at %d px; left out: %d ignored, %d narrower or lower than %s px"
                .formatted(
                        folder,
                        boxes.count(),
                        boxes.images(),
                        recipe.data().size(),
                        boxes.ignored(),
                        boxes.small(),
                        AnchorLines.size((float) recipe.augment().minBoxEdge()));
    }

    /** In the heads' order, which is that of the file's masks. */
    private static void printHeads(List<YoloHead> heads, BoxShapes boxes) {
        AnchorFit fit = AnchorFit.of(boxes, AnchorLines.of(heads));
        AnchorLines.heads(heads, fit, boxes.count()).forEach(System.out::println);
    }

    private static void printFound(float[] found) {
        long distinct = sizes(found).distinct().count();
        if (distinct < found.length / 2) {
            System.out.printf(
                    "only %d of them differ: the boxes have too few shapes for %d anchors%n",
                    distinct, found.length / 2);
        }
        System.out.println("for the recipe, in [model]:");
        System.out.println("anchors = [" + sizes(found).collect(Collectors.joining(", ")) + "]");
    }

    /** Width and height of each. */
    private static Stream<String> sizes(float[] anchors) {
        return IntStream.range(0, anchors.length / 2)
                .mapToObj(i -> AnchorLines.size(anchors[2 * i]) + ", " + AnchorLines.size(anchors[2 * i + 1]));
    }

    private static void draw(
            Path target, BoxShapes boxes, float[] present, float[] found, AnchorFit presentFit, AnchorFit foundFit) {
        try {
            Picture.write(
                    AnchorPicture.paint(
                            boxes.widths(),
                            boxes.heights(),
                            new AnchorPicture.Anchors(present, caption("present", presentFit)),
                            new AnchorPicture.Anchors(found, caption("found", foundFit))),
                    target);
            System.out.println("picture in " + target);
        } catch (IOException e) {
            throw new InputException(target + ": can't write the picture: " + e.getMessage(), e);
        }
    }

    private static String caption(String name, AnchorFit fit) {
        return String.format(
                Locale.ROOT, "%s: mean best IoU %.3f, best possible recall %.3f", name, fit.meanIou(), fit.recall());
    }

    private static float[] rounded(float[] anchors) {
        float[] rounded = new float[anchors.length];
        for (int i = 0; i < anchors.length; i++) {
            rounded[i] = AnchorLines.rounded(anchors[i]);
        }
        return rounded;
    }

    /** As their decimal text, as a recipe would hold them. */
    private static List<Double> doubles(float[] anchors) {
        List<Double> doubles = new ArrayList<>();
        for (float edge : anchors) {
            doubles.add(Double.valueOf(AnchorLines.size(edge)));
        }
        return doubles;
    }
}
