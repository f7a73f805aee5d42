package yolompi.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.data.loader.BatchLoader;
import yolompi.data.shard.ShardSet;
import yolompi.detect.Detection;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.SeenStatus;
import yolompi.eval.metric.ImageResult;
import yolompi.torch.LoadLibTorch;

@ExtendWith(LoadLibTorch.class)
class EvaluatorTest {
    @TempDir
    private Path folder;

    /**
     * The activity is reported if the rank is lost, and gives it a longer time-out than a training
     * step.
     */
    @Test
    void rankReportsEvaluationWithEachBatch() {
        PackedShapes shapes = PackedShapes.in(folder, 1, 5);
        Communicator alone = Communicator.alone();
        SeenStatus seen = new SeenStatus(alone);
        List<String> activities = new ArrayList<>();
        List<Long> changes = new ArrayList<>();
        try (ShardSet shards = ShardSet.open(shapes.val())) {
            List<ImageResult> results = new Evaluator(shards, 64, new BatchLoader.Settings(1, 1), 2, alone)
                    .run(batch -> {
                        activities.add(seen.activity());
                        changes.add(seen.changes());
                        return batch.samples().stream()
                                .map(sample -> List.<Detection>of())
                                .toList();
                    })
                    .orElseThrow();
            assertThat(results).hasSize(5);
        }
        assertThat(activities).containsExactly("evaluating", "evaluating", "evaluating");
        assertThat(changes).doesNotHaveDuplicates();
    }
}
