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
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.anchors.AnchorFit;
import yolompi.anchors.AnchorPlot;
import yolompi.anchors.AnchorSearch;
import yolompi.anchors.BoxShapes;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.model.Architecture;
import yolompi.model.YoloHead;
import yolompi.model.darknet.AnchorList;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.report.image.RgbImage;

@Command(
        name = "anchors",
        description = {
            "Finds anchors that fit the boxes of a training set, and compares them with the anchors of the recipe.",
            "Reads only annotations, no images."
        })
final class AnchorsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE",
            showDefaultValue = Visibility.NEVER,
            description = "Recipe (TOML). Default: all keys have their defaults, and --data is required.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "SHARD_DIR",
            showDefaultValue = Visibility.NEVER,
            description = "Folder of packed shards. Default: data.train of the recipe.")
    private Optional<Path> data = Optional.empty();

    @Mixin
    private SharedOptions.Overrides overrides;

    @Option(
            names = "--count",
            paramLabel = "N",
            showDefaultValue = Visibility.NEVER,
            description = "Number of anchors. Default: the number that the heads of model.cfg use.")
    private Optional<Integer> count = Optional.empty();

    @Option(
            names = "--generations",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Mutations to try after k-means clustering.")
    private int generations;

    @Option(
            names = "--seed",
            defaultValue = "0",
            paramLabel = "SEED",
            description = "Seed of the search. The same seed gives the same anchors.")
    private long seed;

    @Option(
            names = "--picture",
            paramLabel = "FILE.png",
            showDefaultValue = Visibility.NEVER,
            description = "Also plot the sizes of the boxes and both sets of anchors.")
    private Optional<Path> picture = Optional.empty();

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::onFirst);
    }

    /** Only rank 0 searches. If it fails, all ranks fail. */
    private void onFirst(Communicator ranks) {
        Agreement.on(ranks, () -> {
            if (ranks.world().isRankZero()) {
                search();
            }
            return ranks;
        });
    }

    private void search() {
        picture.ifPresent(RgbImage::checkEnding);
        Recipe recipe = file.map(path -> RecipeFile.read(path, overrides.list()))
                .orElseGet(() -> RecipeFile.parse("the default recipe", "", overrides.list()));
        Path folder = data.orElseGet(() -> Path.of(recipe.data().train()));
        if (folder.toString().isEmpty()) {
            throw new WrongUsageException(
                    "found neither --data nor data.train, expected a folder of packed shards: give --data SHARD_DIR"
                            + " or set data.train");
        }
        try (ShardSet shards = ShardSet.open(folder)) {
            Architecture architecture = architecture(recipe, recipe.model().anchors(), shards);
            AnchorList list = AnchorList.of(architecture, recipe.model().anchors());
            AnchorSearch search = new AnchorSearch(count.orElse(list.used().size()), generations, seed);
            BoxShapes boxes =
                    BoxShapes.of(shards, recipe.data().size(), recipe.augment().minBoxEdge());
            float[] found = rounded(search.fitTo(boxes));
            boolean fits = search.count() == list.used().size();
            List<Double> written = fits ? list.with(doubles(found)) : doubles(found);
            List<YoloHead> heads = fits ? architecture(recipe, written, shards).heads() : List.of();
            System.out.println(about(folder, recipe, boxes));
            compare(boxes, sizes(architecture.heads()), fits ? sizes(heads) : found, heads);
            if (!fits) {
                System.out.printf(
                        "the heads of %s use %d anchors: change num, mask and filters in the .cfg, too%n",
                        architecture.source(), list.used().size());
            }
            printFound(found, written);
        }
    }

    /** Prints how well both sets of anchors fit, and plots them. */
    private void compare(BoxShapes boxes, float[] present, float[] found, List<YoloHead> heads) {
        AnchorFit presentFit = AnchorFit.of(boxes, present);
        AnchorFit foundFit = AnchorFit.of(boxes, found);
        table(presentFit, foundFit).forEach(System.out::println);
        heads(heads, foundFit, boxes.count()).forEach(System.out::println);
        picture.ifPresent(target -> draw(target, boxes, present, found, presentFit, foundFit));
    }

    private static Architecture architecture(Recipe recipe, List<Double> anchors, ShardSet shards) {
        return ArchitectureReader.read(
                recipe.model().cfg(), anchors, shards.names().size());
    }

    private static String about(Path folder, Recipe recipe, BoxShapes boxes) {
        return "%s: %d boxes in %d images at %d px; skipped: %d ignored, %d narrower or lower than %s px"
                .formatted(
                        folder,
                        boxes.count(),
                        boxes.images(),
                        recipe.data().size(),
                        boxes.ignored(),
                        boxes.small(),
                        size((float) recipe.augment().minBoxEdge()));
    }

    private static void printFound(float[] found, List<Double> written) {
        int count = found.length / 2;
        long distinct = IntStream.range(0, count)
                .mapToObj(i -> List.of(found[2 * i], found[2 * i + 1]))
                .distinct()
                .count();
        if (distinct < count) {
            System.out.printf(
                    "only %d anchors are distinct: the boxes have too few shapes for %d anchors%n", distinct, count);
        }
        System.out.println("for the recipe, in [model]:");
        System.out.println(
                "anchors = [" + written.stream().map(AnchorsCommand::text).collect(Collectors.joining(", ")) + "]");
    }

    /** The number without trailing zeros. */
    private static String text(double edge) {
        return edge == Math.rint(edge) ? String.valueOf((long) edge) : String.valueOf(edge);
    }

    private static void draw(
            Path target, BoxShapes boxes, float[] present, float[] found, AnchorFit presentFit, AnchorFit foundFit) {
        try {
            RgbImage.write(
                    AnchorPlot.paint(
                            boxes.widths(),
                            boxes.heights(),
                            new AnchorPlot.Anchors(present, caption("current", presentFit)),
                            new AnchorPlot.Anchors(found, caption("found", foundFit))),
                    target);
            System.out.println("plot in " + target);
        } catch (IOException e) {
            throw new InputException("--picture: can't write the plot: " + ErrorReporter.inWords(e), e);
        }
    }

    private static String caption(String name, AnchorFit fit) {
        return String.format(
                Locale.ROOT, "%s: mean best IoU %.3f, best possible recall %.3f", name, fit.meanIou(), fit.recall());
    }

    private static float[] rounded(float[] anchors) {
        float[] rounded = new float[anchors.length];
        for (int i = 0; i < anchors.length; i++) {
            rounded[i] = rounded(anchors[i]);
        }
        return rounded;
    }

    /** Parses the decimal text of each edge, so that the recipe shows few digits. */
    private static List<Double> doubles(float[] anchors) {
        List<Double> doubles = new ArrayList<>();
        for (float edge : anchors) {
            doubles.add(Double.valueOf(size(edge)));
        }
        return doubles;
    }

    /** Widths and heights of the anchors of all heads, in the order of the heads, {@code [A,2]}. */
    static float[] sizes(List<YoloHead> heads) {
        List<YoloHead.Anchor> anchors =
                heads.stream().flatMap(head -> head.anchors().stream()).toList();
        float[] sizes = new float[2 * anchors.size()];
        for (int i = 0; i < anchors.size(); i++) {
            sizes[2 * i] = anchors.get(i).width();
            sizes[2 * i + 1] = anchors.get(i).height();
        }
        return sizes;
    }

    /** Metrics of the current anchors and of the found ones, side by side. */
    static List<String> table(AnchorFit present, AnchorFit found) {
        return List.of(
                row("", "current", "found"),
                row(
                        "best possible recall (%d : 1)".formatted(AnchorFit.MAX_RATIO),
                        decimals(present.recall()),
                        decimals(found.recall())),
                row("mean best IoU", decimals(present.meanIou()), decimals(found.meanIou())),
                row("boxes with best IoU > 0.5", percent(present.overHalf()), percent(found.overHalf())),
                row(
                        "anchors within %d : 1 of a box".formatted(AnchorFit.MAX_RATIO),
                        decimals(present.anchorsWithin()),
                        decimals(found.anchorsWithin())));
    }

    /** One line for each head: its anchors and the number of boxes assigned to them. */
    static List<String> heads(List<YoloHead> heads, AnchorFit fit, int boxes) {
        List<String> lines = new ArrayList<>();
        int next = 0;
        for (YoloHead head : heads) {
            int own = 0;
            List<String> sizes = new ArrayList<>();
            for (YoloHead.Anchor anchor : head.anchors()) {
                own += fit.boxesOfAnchor()[next++];
                sizes.add(size(anchor.width()) + "×" + size(anchor.height()));
            }
            lines.add("stride %2d: %6d boxes (%s), anchors %s"
                    .formatted(head.stride(), own, percent((double) own / boxes), String.join(" ", sizes)));
        }
        return lines;
    }

    /** Rounds to whole pixels; edges under 10 pixels to tenths. */
    static float rounded(float edge) {
        return edge < 10 ? Math.max(1, Math.round(edge * 10)) / 10f : Math.round(edge);
    }

    /** A rounded edge without trailing zeros. */
    static String size(float edge) {
        return edge == Math.rint(edge) ? String.valueOf((int) edge) : String.valueOf(edge);
    }

    private static String row(String name, String present, String found) {
        return "%-28s %9s %9s".formatted(name, present, found).stripTrailing();
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }
}
