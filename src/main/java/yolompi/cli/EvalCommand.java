package yolompi.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import yolompi.InputException;
import yolompi.data.loader.BatchLoader;
import yolompi.data.shard.ShardSet;
import yolompi.detect.Detector;
import yolompi.detect.NmsConfig;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.device.HostResources;
import yolompi.eval.DetectionReport;
import yolompi.eval.Evaluator;
import yolompi.eval.coco.CocoResults;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.ImageResult;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.weights.TrainedModel;

@Command(
        name = "eval",
        description =
                "Evaluates a checkpoint on packed shards, with one process or on all ranks that mpirun or srun started."
                        + " Thresholds and NMS default to [eval] of the checkpoint's recipe.")
final class EvalCommand implements Callable<Integer> {
    @Option(
            names = "--weights",
            required = true,
            paramLabel = "CHECKPOINT",
            description = "Checkpoint of a training, such as RUN/checkpoints/best.safetensors.")
    private Path weights;

    @Option(names = "--data", required = true, paramLabel = "SHARD_DIR", description = "Folder of packed shards.")
    private Path data;

    @Option(
            names = "--detections",
            paramLabel = "OUT.json",
            showDefaultValue = Visibility.NEVER,
            description = "Also write all detections, in COCO's result format.")
    private Optional<Path> detections = Optional.empty();

    @Option(
            names = "--json",
            paramLabel = "OUT.json",
            showDefaultValue = Visibility.NEVER,
            description = "Also write all metrics, curves and the confusion matrix, in the format of 'score --json'.")
    private Optional<Path> json = Optional.empty();

    @Mixin
    private DetectionOptions detectionOptions;

    @Mixin
    private SharedOptions.StageOption stage;

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::evaluate);
    }

    private void evaluate(Communicator ranks) {
        Agreement.on(ranks, () -> {
            OutputFiles.check("--json", json, "--detections", detections);
            OutputFiles.keepApart("--json", json, "--weights", weights);
            OutputFiles.keepApart("--detections", detections, "--weights", weights);
            return ranks;
        });
        int cores = HostResources.cores(ranks);
        DeviceContext.useThreads(cores);
        TrainedModel model = Agreement.on(ranks, () -> TrainedModel.load(weights));
        Recipe recipe = model.recipe();
        ranks.setStallTimeouts(recipe.dist());
        NmsConfig rule = Agreement.on(ranks, () -> detectionOptions.over(NmsConfig.of(recipe.eval())));
        List<String> staged = stage.staging().copy(List.of(data), ranks);
        try (ShardSet shards = Agreement.on(ranks, () -> open(model.names()))) {
            DeviceContext device = model.compute(ranks);
            Detector detector = new Detector(model.on(device).network(), rule, device);
            BatchLoader.Settings loading =
                    new BatchLoader.Settings(cores, recipe.data().prefetchSteps());
            Optional<List<ImageResult>> results = new Evaluator(
                            shards, recipe.data().size(), loading, recipe.eval().batch(), ranks)
                    .run(detector);
            if (ranks.world().isRankZero()) {
                staged.forEach(System.out::println);
            }
            results.ifPresent(all -> tell(all, shards));
        }
    }

    private void tell(List<ImageResult> results, ShardSet shards) {
        DetectionReport report = DetectionReport.of(
                DetectionSet.of(results, DetectionSet.categories(shards.names(), shards.categoryIds())));
        ReportTables.lines(report).forEach(System.out::println);
        json.ifPresent(file -> ScoreCommand.write(file, report));
        detections.ifPresent(file -> write(file, results, shards));
    }

    private ShardSet open(List<String> names) {
        ShardSet shards = ShardSet.open(stage.staging().of(data));
        if (!shards.names().equals(names)) {
            shards.close();
            throw new InputException(
                    "%s has the classes %s, but %s was trained on %s; pack the images with the same --names"
                            .formatted(data, shards.names(), weights, names));
        }
        return shards;
    }

    private static void write(Path file, List<ImageResult> results, ShardSet shards) {
        try {
            CocoResults.write(
                    file, results, image -> CocoResults.Image.of(shards.imageId(image)), shards.categoryIds()::get);
            System.out.println("detections in " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't write the detections: " + e.getMessage(), e);
        }
    }
}
