package yolompi.train.log;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.Loader;
import yolompi.ProgramVersion;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.world.World;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.model.Architecture;
import yolompi.recipe.Recipe;
import yolompi.report.metrics.Labels;
import yolompi.report.metrics.RunFacts;
import yolompi.train.setup.TrainingSetup;

/** Description of a training in its run folder: network, data, and hardware. */
final class RunDescription {
    private RunDescription() {}

    /**
     * Describes this start of a training.
     *
     * @param stepsDone steps before this start
     */
    static RunFacts of(TrainingSetup setup, long stepsDone) {
        Recipe recipe = setup.recipe();
        Architecture architecture = setup.architecture();
        ShardSet train = setup.data().train();
        World world = setup.ranks().world();
        RunFacts.Attempt attempt = new RunFacts.Attempt(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                stepsDone,
                world.size(),
                world.host(),
                setup.threads(),
                setup.compute().describe(),
                versions());
        return new RunFacts(
                architecture.source().replaceFirst("\\.cfg$", ""),
                architecture.parameters(),
                architecture.gigaflops(recipe.data().size()),
                recipe.data().size(),
                train.size(),
                setup.data().val().map(ShardSet::size).orElse(0),
                train.names(),
                recipe.train().batch(),
                recipe.train().epochs(),
                List.of(attempt),
                "");
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

    /** Counts the ground-truth boxes of a data set, without reading from disk. */
    static Labels labels(ShardSet shards) {
        Labels labels = Labels.none(shards.names());
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
