package yolompi.train.log;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.Loader;
import yolompi.ProgramVersion;
import yolompi.checkpoint.TrainState;
import yolompi.data.shard.ShardSet;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.model.Architecture;
import yolompi.optim.Schedule;
import yolompi.recipe.DistRecipe.Compression;
import yolompi.recipe.Recipe;
import yolompi.report.metrics.BoxStatistics;
import yolompi.report.metrics.RunFacts;
import yolompi.torch.DeviceContext;
import yolompi.train.setup.Freezing;
import yolompi.train.setup.TrainingData;
import yolompi.train.setup.TrainingPlan;

/** Describes a training for its run folder and its log: network, data, and hardware. */
public record RunDescription(TrainingPlan plan, TrainingData data, Architecture architecture, DeviceContext compute) {
    /**
     * Describes this start of a training.
     *
     * @param stepsDone steps before this start
     */
    RunFacts facts(long stepsDone) {
        Recipe recipe = plan.recipe();
        RunFacts.Attempt attempt = new RunFacts.Attempt(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                stepsDone,
                plan.world().size(),
                plan.world().host(),
                plan.threads(),
                compute.describe(),
                versions());
        return new RunFacts(
                architecture.source().replaceFirst("\\.cfg$", ""),
                architecture.parameters(),
                architecture.gigaflops(recipe.data().size()),
                recipe.data().size(),
                data.train().size(),
                data.val().map(ShardSet::size).orElse(0),
                data.train().names(),
                recipe.train().batch(),
                recipe.train().epochs(),
                List.of(attempt),
                "");
    }

    /**
     * Describes the training for the log.
     *
     * @param state before the first step
     * @param gradients how ranks exchange them
     */
    public List<String> lines(TrainState state, String gradients, Schedule schedule, Freezing freezing) {
        Recipe recipe = plan.recipe();
        List<String> lines = new ArrayList<>();
        if (state.step() == plan.totalSteps() && !state.hasEpochToEnd()) {
            lines.add("this run is already finished; raise train.epochs to train longer");
        }
        lines.add("gradients between ranks: " + gradients + compression());
        freezing.describe(architecture, recipe.train().epochs()).ifPresent(lines::add);
        String reason = Schedule.reason(recipe.optimizer(), recipe.train().batch());
        lines.add("peak learning rate %.4g: %s; %s".formatted(schedule.peak(), reason, schedule.describe()));
        return lines;
    }

    private String compression() {
        Compression compression = plan.recipe().dist().compression();
        return compression == Compression.NONE || plan.world().size() == 1
                ? ""
                : ", rounded to " + compression.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        versions.put("yolo-mpi", ProgramVersion.text());
        versions.put("LibTorch", libTorch());
        versions.put("Java", System.getProperty("java.version"));
        return versions;
    }

    private static String libTorch() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Counts the ground-truth boxes of the training data, without reading from disk. */
    BoxStatistics labels() {
        ShardSet shards = data.train();
        BoxStatistics labels = BoxStatistics.none(shards.names());
        for (int image = 0; image < shards.size(); image++) {
            float width = shards.width(image);
            float height = shards.height(image);
            for (LabeledBox labeled : shards.boxes(image)) {
                Box box = labeled.box();
                if (!labeled.ignored()) {
                    labels.count(
                            labeled.classId(),
                            new Box(box.x1() / width, box.y1() / height, box.x2() / width, box.y2() / height));
                }
            }
        }
        return labels;
    }
}
