package yolompi.report.metrics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * One row of metrics.csv: {@code MetricsRow.ofStep(3, 120).with(Metric.LOSS, 1.5)}.
 *
 * @param kind whether the row summarizes the steps since the last row or an epoch
 * @param epoch from 1
 * @param step finished steps since the start of training
 * @param values the measured values; others are blank in the table
 */
public record MetricsRow(Kind kind, int epoch, long step, Map<Metric, Double> values) {
    private static final MathContext DIGITS = new MathContext(8);

    /** What a row summarizes. */
    public enum Kind {
        STEP,
        EPOCH
    }

    public MetricsRow {
        values = Map.copyOf(values);
    }

    public static MetricsRow ofStep(int epoch, long step) {
        return new MetricsRow(Kind.STEP, epoch, step, Map.of());
    }

    public static MetricsRow ofEpoch(int epoch, long step) {
        return new MetricsRow(Kind.EPOCH, epoch, step, Map.of());
    }

    /** This row with one more value. */
    public MetricsRow with(Metric metric, double value) {
        Map<Metric, Double> more = new EnumMap<>(Metric.class);
        more.putAll(values);
        more.put(metric, value);
        return new MetricsRow(kind, epoch, step, more);
    }

    static String header() {
        StringJoiner line = new StringJoiner(",").add("kind").add("epoch").add("step");
        for (Metric metric : Metric.values()) {
            line.add(metric.column());
        }
        return line.toString();
    }

    /** The row as a line of the table. Numbers and one word need no quotes. */
    String line() {
        StringJoiner line = new StringJoiner(",");
        line.add(kind.name().toLowerCase(Locale.ROOT));
        line.add(Integer.toString(epoch)).add(Long.toString(step));
        for (Metric metric : Metric.values()) {
            line.add(values.containsKey(metric) ? number(values.get(metric)) : "");
        }
        return line.toString();
    }

    /**
     * Reads a row that {@link #line} wrote. Unknown columns are ignored.
     *
     * @param columns the names in the table's header
     * @throws IllegalArgumentException if the row is malformed
     */
    static MetricsRow parse(List<String> columns, String line) {
        String[] fields = line.split(",", -1);
        if (fields.length != columns.size()) {
            throw new IllegalArgumentException("found " + fields.length + " fields, expected " + columns.size());
        }
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            int column = columns.indexOf(metric.column());
            if (column >= 0 && !fields[column].isEmpty()) {
                values.put(metric, Double.valueOf(fields[column]));
            }
        }
        return new MetricsRow(
                Kind.valueOf(fields[columns.indexOf("kind")].toUpperCase(Locale.ROOT)),
                Integer.parseInt(fields[columns.indexOf("epoch")]),
                Long.parseLong(fields[columns.indexOf("step")]),
                values);
    }

    private static String number(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
