package yolompi.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.InputException;
import yolompi.data.LoaderSettings;
import yolompi.data.ShardSet;
import yolompi.detect.Detector;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.dist.Cores;
import yolompi.eval.CocoMetrics;
import yolompi.eval.CocoResults;
import yolompi.eval.Evaluator;
import yolompi.eval.ImageResult;
import yolompi.eval.MeanAveragePrecision;
import yolompi.recipe.EvalRecipe;
import yolompi.recipe.Recipe;
import yolompi.torch.Compute;
import yolompi.torch.Threads;
import yolompi.train.TrainedModel;

@Command(
        name = "eval",
        description =
                "Measures mAP of a checkpoint on packed shards: alone, or on all ranks that mpirun or srun started.")
final class EvalCommand implements Callable<Integer> {
    @Option(
            names = "--weights",
            required = true,
            paramLabel = "CHECKPOINT",
            description = "Checkpoint of a training, such as RUN/checkpoints/best.safetensors.")
    private Path weights;

    @Option(names = "--data", required = true, paramLabel = "SHARD_DIR", description = "Folder that pack made.")
    private Path data;

    @Option(
            names = "--detections",
            paramLabel = "OUT.json",
            showDefaultValue = Visibility.NEVER,
            description = "Also write all detections there, in COCO's result format.")
    private Optional<Path> detections = Optional.empty();

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::evaluate);
    }

    private void evaluate(Communicator ranks) {
        int cores = Cores.share(ranks);
        Threads.use(cores);
        TrainedModel model = Agreement.on(ranks, () -> TrainedModel.load(weights));
        Recipe recipe = model.recipe();
        ranks.bearWith(recipe.dist());
        EvalRecipe settings = recipe.eval();
        try (ShardSet shards = Agreement.on(ranks, () -> open(model.names()))) {
            Compute compute = model.compute(ranks);
            Detector detector = new Detector(model.on(compute).network(), settings, compute);
            LoaderSettings loading = new LoaderSettings(cores, recipe.data().prefetchSteps());
            List<ImageResult> results =
                    new Evaluator(shards, recipe.data().size(), loading, settings.batch(), ranks).run(detector);
            if (ranks.world().isFirst()) {
                print(CocoMetrics.measure(results, shards.names()), shards);
                detections.ifPresent(file -> write(file, results, shards));
            }
        }
    }

    private ShardSet open(List<String> names) {
        ShardSet shards = ShardSet.open(data);
        if (!shards.names().equals(names)) {
            shards.close();
            throw new InputException(
                    "%s has the classes %s, but %s was trained on %s; pack the images with the same --names"
                            .formatted(data, shards.names(), weights, names));
        }
        return shards;
    }

    private void print(MeanAveragePrecision found, ShardSet shards) {
        System.out.printf(Locale.ROOT, "%-20s %8s %8s %13s%n", "class", "boxes", "AP@0.5", "AP@0.5:0.95");
        found.classes()
                .forEach(result -> System.out.printf(
                        Locale.ROOT,
                        "%-20s %8d %8.4f %13.4f%n",
                        result.name(),
                        result.truthCount(),
                        result.ap50(),
                        result.ap5095()));
        System.out.printf(
                Locale.ROOT,
                "mAP@0.5 %.4f  mAP@0.5:0.95 %.4f  (%d images)%n",
                found.map50(),
                found.map5095(),
                shards.size());
    }

    private static void write(Path file, List<ImageResult> results, ShardSet shards) {
        try {
            CocoResults.write(file, results, shards::imageId, shards.categoryIds()::get);
            System.out.println("detections in " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't write the detections: " + e.getMessage(), e);
        }
    }
}
