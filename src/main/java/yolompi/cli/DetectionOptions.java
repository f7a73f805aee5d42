package yolompi.cli;

import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.WrongUsageException;
import yolompi.detect.NmsConfig;
import yolompi.recipe.EvalRecipe.Nms;

/** Options of score threshold and NMS. A missing option keeps the default of the command. */
final class DetectionOptions {
    @Option(
            names = "--confidence",
            paramLabel = "P",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Keep only boxes whose score is above P (0 to 1). Lower it if an early model detects nothing.")
    private Optional<Double> confidence = Optional.empty();

    @Option(
            names = "--nms",
            paramLabel = "KIND",
            converter = KindConverter.class,
            showDefaultValue = Visibility.NEVER,
            description =
                    "NMS variant for overlapping boxes: greedy keeps only the best; diou also keeps boxes with distant"
                            + " centers; soft lowers the scores of the others; merge averages the boxes.")
    private Optional<Nms> nms = Optional.empty();

    @Option(
            names = "--nms-iou",
            paramLabel = "P",
            showDefaultValue = Visibility.NEVER,
            description = "NMS drops a box whose IoU with a better box of its class is higher. Not for --nms soft.")
    private Optional<Double> nmsIou = Optional.empty();

    @Option(
            names = "--class-agnostic",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            showDefaultValue = Visibility.NEVER,
            description = "Boxes of different classes also suppress each other.")
    private Optional<Boolean> classAgnostic = Optional.empty();

    @Option(
            names = "--multi-label",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            showDefaultValue = Visibility.NEVER,
            description = "A box may be detected as several classes; false: only as its best class.")
    private Optional<Boolean> multiLabel = Optional.empty();

    @Option(
            names = "--max-detections",
            paramLabel = "N",
            showDefaultValue = Visibility.NEVER,
            description = "Maximum number of boxes per image; the best are kept.")
    private Optional<Integer> maxDetections = Optional.empty();

    /**
     * The rule with the given options applied.
     *
     * @throws WrongUsageException if options conflict or a value is out of range
     */
    NmsConfig over(NmsConfig rule) {
        if (nmsIou.isPresent() && nms.orElse(rule.nms()) == Nms.SOFT) {
            throw new WrongUsageException(
                    "--nms-iou " + nmsIou.get() + ": --nms soft has no IoU limit; remove --nms-iou");
        }
        return new NmsConfig(
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
