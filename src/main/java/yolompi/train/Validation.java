package yolompi.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import yolompi.detect.DetectionRule;
import yolompi.detect.Detector;
import yolompi.eval.CocoMetrics;
import yolompi.eval.CocoScores;
import yolompi.eval.DetectionSet;
import yolompi.eval.Evaluator;
import yolompi.eval.ImageResult;
import yolompi.model.Network;
import yolompi.report.Durations;

/** Evaluates the network while it is trained, where the recipe names images for it. */
final class Validation {
    private final TrainingSetup setup;
    private final Network network;
    private Duration took = Duration.ZERO;

    Validation(TrainingSetup setup, Network network) {
        this.setup = setup;
        this.network = network;
    }

    /** Measures the network as it is after so many epochs; collective. */
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
            List<ImageResult> results = evaluator.run(batch ->
                    detector.detect(batch.images(), batch.imageCount(), batch.size(), raw -> loss.add(batch, raw)));
            double meanLoss = loss.mean(setup.ranks());
            CocoScores found = CocoMetrics.measure(
                    DetectionSet.of(results, DetectionSet.categories(shards.names(), shards.categoryIds())));
            took = Duration.ofNanos(System.nanoTime() - begin);
            report.say("epoch %d  mAP@0.5 %.4f  mAP@0.5:0.95 %.4f  loss %.4f  (%d images, %s)"
                    .formatted(epoch, found.map50(), found.map5095(), meanLoss, shards.size(), Durations.text(took)));
            report.validated(results, stepsDone);
            return new Evaluation(found.map50(), found.map5095(), meanLoss);
        });
    }

    /** As the process before has measured it. */
    void took(Duration before) {
        took = before;
    }

    /** How long the last evaluation took. */
    Duration took() {
        return took;
    }
}
