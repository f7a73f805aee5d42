package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

@Tag("mpi")
class OverfitTest {
    @TempDir
    private Path folder;

    @Test
    void networkOverfitsEightImages() throws IOException {
        PackedShapes shapes = PackedShapes.in(folder, 8, 1);
        Path recipe = shapes.recipe("overfit", """
                train.epochs = 300
                train.batch = 8
                train.ema_decay = 0.0
                data.size = 128
                eval.every_epochs = 0
                checkpoint.last_every_epochs = 300
                loss.anchor_iou = 0.35
                schedule.warmup_epochs = 5.0
                augment = { flip = 0.0, hue = 0.0, saturation = 0.0, value = 0.0, scale = 0.0, translate = 0.0, aspect = 0.0 }
                optimizer = { kind = "adamw", learning_rate = 0.01, reference_batch = 8.0, weight_decay = 0.0 }
                """);
        Path run = folder.resolve("run");
        RankOutcome outcome = RankLauncher.ofMain(Main.class)
                .run(
                        "train", recipe.toString(),
                        "--run-dir", run.toString(),
                        "--set", "data.val=" + shapes.train());

        assertThat(outcome.exitCode()).as(outcome.output(0)).isZero();
        List<String> table = Files.readAllLines(run.resolve("metrics.csv"));
        int column = List.of(table.get(0).split(",", -1)).indexOf("map50");
        String last = table.get(table.size() - 1).split(",", -1)[column];
        assertThat(Double.parseDouble(last)).isGreaterThanOrEqualTo(0.95);
    }
}
