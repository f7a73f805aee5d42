package yolompi.report.tensorboard;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.MetricsRow.Kind;

/** TensorBoard's tags, {@code group/name}, for the columns of metrics.csv. */
final class EventTags {
    private static final Map<Metric, String> TAGS = new EnumMap<>(Map.of(
            Metric.LOSS, "train/loss",
            Metric.LOSS_BOX, "train/loss_box",
            Metric.LOSS_OBJECT, "train/loss_object",
            Metric.LOSS_CLASS, "train/loss_class",
            Metric.LEARNING_RATE, "train/learning_rate",
            Metric.IMAGES_PER_S, "speed/images_per_s",
            Metric.DATA_WAIT, "speed/data_wait",
            Metric.VAL_LOSS, "val/loss",
            Metric.MAP50, "val/map50",
            Metric.MAP5095, "val/map5095"));

    private EventTags() {}

    /** The values of a row by tag. */
    static Map<String, Double> of(MetricsRow row) {
        Map<String, Double> values = new LinkedHashMap<>();
        row.values().forEach((metric, value) -> {
            if (TAGS.containsKey(metric)) {
                boolean mean = row.kind() == Kind.EPOCH && metric == Metric.LOSS;
                values.put(mean ? "train/loss_of_epoch" : TAGS.get(metric), value);
            }
        });
        return values;
    }
}
