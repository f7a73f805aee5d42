package yolompi.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import yolompi.data.Batch;
import yolompi.data.shard.ShardSet;
import yolompi.detect.Detector;
import yolompi.detect.NmsConfig;
import yolompi.distributed.Communicator;
import yolompi.eval.Evaluator;
import yolompi.eval.metric.CocoMetrics;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.ImageResult;
import yolompi.model.Network;
import yolompi.model.YoloHead;
import yolompi.model.loss.TargetAssignment;
import yolompi.model.loss.TargetTensors;
import yolompi.model.loss.YoloLoss;
import yolompi.recipe.LossRecipe;
import yolompi.recipe.Recipe;
import yolompi.report.console.Durations;
import yolompi.torch.DeviceContext;
import yolompi.train.log.RunReport;
import yolompi.train.setup.TrainingPlan;
import yolompi.train.stop.EarlyStopping.Evaluation;

/** Evaluates the network during training, if the recipe has validation data. */
final class Validation {
    private final Optional<ShardSet> data;
    private final TrainingPlan plan;
    private final Communicator ranks;
    private final Network network;
    private final DeviceContext device;
    private Duration took = Duration.ZERO;

    Validation(Optional<ShardSet> data, TrainingPlan plan, Communicator ranks, Network network, DeviceContext device) {
        this.data = data;
        this.plan = plan;
        this.ranks = ranks;
        this.network = network;
        this.device = device;
    }

    /** Evaluates the network after this many epochs; collective. */
    Optional<Evaluation> run(int epoch, long stepsDone, RunReport report) {
        return data.map(shards -> {
            long begin = System.nanoTime();
            Recipe recipe = plan.recipe();
            Detector detector = new Detector(network, NmsConfig.of(recipe.eval()), device);
            Evaluator evaluator = new Evaluator(
                    shards, recipe.data().size(), plan.loading(), recipe.eval().batch(), ranks);
            ValidationLoss loss = new ValidationLoss(network.architecture().heads(), recipe.loss());
            Optional<List<ImageResult>> results = evaluator.run(batch ->
                    detector.detect(batch.images(), batch.imageCount(), batch.size(), raw -> loss.add(batch, raw)));
            double meanLoss = loss.mean(ranks);
            Optional<CocoScores> scores = results.map(all -> measure(all, shards, report, stepsDone));
            Evaluation found = agreed(scores, meanLoss);
            took = Duration.ofNanos(System.nanoTime() - begin);
            report.info("epoch %d  mAP@0.5 %.4f  mAP@0.5:0.95 %.4f  loss %.4f  (%d images, %s)"
                    .formatted(epoch, found.map50(), found.map5095(), meanLoss, shards.size(), Durations.text(took)));
            return found;
        });
    }

    private static CocoScores measure(List<ImageResult> results, ShardSet shards, RunReport report, long stepsDone) {
        DetectionSet set = DetectionSet.of(results, DetectionSet.categories(shards.names(), shards.categoryIds()));
        CocoScores scores = CocoMetrics.measure(set);
        report.validated(results, set, scores, stepsDone);
        return scores;
    }

    /**
     * Broadcasts rank 0's results: all ranks choose the best checkpoint and end early from the same
     * numbers.
     */
    private Evaluation agreed(Optional<CocoScores> ofFirst, double meanLoss) {
        double[] numbers = ranks.broadcast(ofFirst.map(scores -> new double[] {scores.map50(), scores.map5095()})
                .orElseGet(() -> new double[0]));
        return new Evaluation(numbers[0], numbers[1], meanLoss);
    }

    /** Sets the duration that an earlier process measured. */
    void took(Duration before) {
        took = before;
    }

    /** Duration of the last evaluation. */
    Duration took() {
        return took;
    }

    /**
     * Loss of the validation images: the training loss, averaged over all of them by the same rule,
     * as if they were one batch.
     */
    static final class ValidationLoss {
        private final List<YoloHead> heads;
        private final YoloLoss loss;
        private final double anchorIou;
        private double sum; // of this rank's images, not yet divided
        private double assigned;
        private int images;

        ValidationLoss(List<YoloHead> heads, LossRecipe recipe) {
            this.heads = heads;
            this.loss = new YoloLoss(heads, recipe);
            this.anchorIou = recipe.anchorIou();
        }

        /**
         * Adds a batch.
         *
         * @param raw the network's output for it
         */
        @SuppressWarnings("try") // the unused scope frees the loss's tensors
        void add(Batch batch, List<Tensor> raw) {
            try (PointerScope scope = new PointerScope()) {
                TargetAssignment targets =
                        TargetAssignment.assign(heads, batch.boxes(), batch.imageCount(), batch.size(), anchorIou);
                sum += loss.compute(raw, TargetTensors.of(targets), 1).total().item_double();
                assigned += targets.count();
                images += batch.imageCount();
            }
        }

        /** Returns the mean over all ranks; collective. */
        double mean(Communicator ranks) {
            double[] all = ranks.allReduceSum(sum, assigned, images);
            return all[0] / YoloLoss.divisor(all[1], (int) all[2]);
        }
    }
}
