package yolompi.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import yolompi.data.shard.ShardSet;
import yolompi.detect.DetectionRule;
import yolompi.detect.Detector;
import yolompi.eval.Evaluator;
import yolompi.eval.metric.CocoMetrics;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.DetectionSet;
import yolompi.eval.metric.ImageResult;
import yolompi.model.Network;
import yolompi.report.console.Durations;
import yolompi.train.log.RunReport;
import yolompi.train.setup.TrainingSetup;
import yolompi.train.stop.Evaluation;

/** Evaluates the network during training, if the recipe has validation data. */
final class Validation {
    private final TrainingSetup setup;
    private final Network network;
    private Duration took = Duration.ZERO;

    Validation(TrainingSetup setup, Network network) {
        this.setup = setup;
        this.network = network;
    }

    /** Evaluates the network after this many epochs; collective. */
    Optional<Evaluation> run(int epoch, long stepsDone, RunReport report) {
        return setup.data().val().map(shards -> {
            long begin = System.nanoTime();
            Detector detector =
                    new Detector(network, DetectionRule.of(setup.recipe().eval()), setup.compute());
            Evaluator evaluator = new Evaluator(
                    shards,
                    setup.recipe().data().size(),
                    setup.loading(),
                    setup.recipe().eval().batch(),
                    setup.ranks());
            ValidationLoss loss = new ValidationLoss(
                    network.architecture().heads(), setup.recipe().loss());
            Optional<List<ImageResult>> results = evaluator.run(batch ->
                    detector.detect(batch.images(), batch.imageCount(), batch.size(), raw -> loss.add(batch, raw)));
            double meanLoss = loss.mean(setup.ranks());
            Optional<CocoScores> scores = results.map(all -> measure(all, shards, report, stepsDone));
            Evaluation found = agreed(scores, meanLoss);
            took = Duration.ofNanos(System.nanoTime() - begin);
            report.say("epoch %d  mAP@0.5 %.4f  mAP@0.5:0.95 %.4f  loss %.4f  (%d images, %s)"
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
        double[] numbers = setup.ranks()
                .broadcast(ofFirst.map(scores -> new double[] {scores.map50(), scores.map5095()})
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
}
