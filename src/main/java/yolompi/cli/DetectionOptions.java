package yolompi.cli;

import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.WrongUsageException;
import yolompi.detect.DetectionRule;
import yolompi.recipe.EvalRecipe.Nms;

/** Which boxes count as found; an option that is not given stays as the command has it. */
final class DetectionOptions {
    @Option(
            names = "--confidence",
            paramLabel = "P",
            showDefaultValue = Visibility.NEVER,
            description = "Only boxes with a higher score, 0 to 1, count. Lower it where a young model finds nothing.")
    private Optional<Double> confidence = Optional.empty();

    @Option(
            names = "--nms",
            paramLabel = "KIND",
            converter = KindConverter.class,
            showDefaultValue = Visibility.NEVER,
            description =
                    "How overlapping boxes of one object become one: greedy drops all but the best; diou as well, but"
                            + " spares neighbours whose centres lie apart; soft lowers the others' scores; merge averages them.")
    private Optional<Nms> nms = Optional.empty();

    @Option(
            names = "--nms-iou",
            paramLabel = "P",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Of two boxes of a class that overlap by more (intersection over union), the better stays. Not"
                            + " for soft.")
    private Optional<Double> nmsIou = Optional.empty();

    @Option(
            names = "--class-agnostic",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            showDefaultValue = Visibility.NEVER,
            description = "Boxes of different classes suppress each other too.")
    private Optional<Boolean> classAgnostic = Optional.empty();

    @Option(
            names = "--multi-label",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            showDefaultValue = Visibility.NEVER,
            description = "A box may be found as several classes; false: as its best one alone.")
    private Optional<Boolean> multiLabel = Optional.empty();

    @Option(
            names = "--max-detections",
            paramLabel = "N",
            showDefaultValue = Visibility.NEVER,
            description = "Boxes kept for each image, the best first.")
    private Optional<Integer> maxDetections = Optional.empty();

    /**
     * A rule with what was given instead.
     *
     * @throws WrongUsageException where options don't go together, or have no such value
     */
    DetectionRule over(DetectionRule rule) {
        if (nmsIou.isPresent() && nms.orElse(rule.nms()) == Nms.SOFT) {
            throw new WrongUsageException(
                    "--nms-iou " + nmsIou.get() + ": soft suppression has no such limit; leave it out");
        }
        return new DetectionRule(
                confidence.orElse(rule.confidence()),
                nms.orElse(rule.nms()),
                nmsIou.orElse(rule.maxIou()),
                classAgnostic.orElse(rule.classAgnostic()),
                multiLabel.orElse(rule.multiLabel()),
                maxDetections.orElse(rule.maxDetections()));
    }

    static final class KindConverter extends EnumConverter<Nms> {
        KindConverter() {
            super(Nms.class);
        }
    }
}
