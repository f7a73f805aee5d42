package yolompi.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import yolompi.cli.Main;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** A training of 20 steps with stored results. */
record GoldenCase(int ranks, boolean syncBatchNorm, String optimizer) {
    static final int STEPS = 20;

    /**
     * Other keys have their defaults, so a changed default also fails the test. A low learning rate
     * keeps rounding errors small.
     */
    private static final String RECIPE = """
            seed = 1
            [model]
            cfg = "%s"
            device = "cpu"
            precision = "fp32"
            layout = "plain"
            sync_batch_norm = %s
            [data]
            train = "%s"
            val = "%s"
            size = 96
            sizes = [64, 96]
            resize_every = 3
            [augment]
            mosaic = 0.5
            close_mosaic_epochs = 0
            [optimizer]
            kind = "%s"
            learning_rate = %s
            reference_batch = 8.0
            weight_decay = 0.02
            [schedule]
            warmup_epochs = 2.0
            [train]
            epochs = 10
            batch = 8
            threads = 1
            [eval]
            every_epochs = 0
            [checkpoint]
            last_every_epochs = 100
            [report]
            every_steps = 1
            json_lines = true
            [dist]
            backend = "gloo"
            """;

    /** One and two ranks, with and without synchronized batch norm, with both optimizers. */
    static List<GoldenCase> all() {
        List<GoldenCase> cases = new ArrayList<>();
        for (int ranks : new int[] {1, 2}) {
            for (boolean syncBatchNorm : new boolean[] {false, true}) {
                for (String optimizer : List.of("sgd", "adamw")) {
                    cases.add(new GoldenCase(ranks, syncBatchNorm, optimizer));
                }
            }
        }
        return cases;
    }

    GoldenFile file() {
        return new GoldenFile("losses/" + this + ".txt");
    }

    /**
     * AdamW takes full steps for gradients near zero, so rounding decides their sign. Measured:
     * 6e-6 and 2e-4.
     */
    double tensorTolerance() {
        return optimizer.equals("sgd") ? 5e-5 : 1e-3;
    }

    /** The content of the file for a run. */
    String text(GoldenRun run) {
        return """
                # A training of %d steps: the losses, then a checksum of all tensors, then mean and root mean square of each.
                # GoldenLossesTest compares with it; written by: %s
                """.formatted(STEPS, GoldenFile.COMMAND) + run.toText();
    }

    /** Trains in a new subfolder of the given folder. */
    GoldenRun train(Path parent) {
        try {
            Path folder = Files.createTempDirectory(parent, toString());
            Path recipe = Files.writeString(folder.resolve("recipe.toml"), recipe());
            Path run = folder.resolve("run");
            RankOutcome outcome = RankLauncher.ofMain(Main.class)
                    .ranks(ranks)
                    .run("train", recipe.toString(), "--run-dir", run.toString());
            assertThat(outcome.exitCode())
                    .as(outcome.launcherOutput() + outcome.outputs())
                    .isZero();
            GoldenRun found = GoldenRun.of(run);
            assertThat(found.losses()).hasSize(STEPS);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String recipe() {
        String learningRate = optimizer.equals("sgd") ? "0.005" : "0.001";
        return RECIPE.formatted(
                PackedShapes.SLIM_TINY,
                syncBatchNorm,
                FirstFormat.TRAIN.toAbsolutePath(),
                FirstFormat.VAL.toAbsolutePath(),
                optimizer,
                learningRate);
    }

    @Override
    public String toString() {
        return "%d-rank%s%s-%s".formatted(ranks, ranks > 1 ? "s" : "", syncBatchNorm ? "-sync-bn" : "", optimizer);
    }
}
