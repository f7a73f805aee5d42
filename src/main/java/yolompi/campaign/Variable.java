package yolompi.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import yolompi.InputException;

/** A key of the recipe that has different values in the runs of a campaign. */
sealed interface Variable {
    /** The full key, such as {@code optimizer.learning_rate}. */
    String key();

    /** A key with a list of values; all combinations of listed keys are run. */
    record Listed(String key, List<String> values) implements Variable {}

    /** A key whose value each run draws at random: uniform, or log-uniform if {@code log}. */
    record Drawn(String key, BigDecimal min, BigDecimal max, boolean log) implements Variable {
        private static final int DIGITS = 4;

        /** The value of a run, in TOML; an integer if both limits are integers. */
        String draw(SplittableRandom random) {
            double low = min.doubleValue();
            double high = max.doubleValue();
            double share = random.nextDouble();
            if (min.scale() <= 0 && max.scale() <= 0) {
                double value = log ? between(Math.log(low), Math.log(high + 1), share) : between(low, high + 1, share);
                return Long.toString((long) Math.min(high, Math.floor(log ? Math.exp(value) : value)));
            }
            double value = log ? Math.exp(between(Math.log(low), Math.log(high), share)) : between(low, high, share);
            return text(rounded(new BigDecimal(value)).max(min).min(max));
        }

        /**
         * Rounds to {@value #DIGITS} significant digits of the value or of the range, whichever is
         * finer: decays near 1 differ only in late digits.
         */
        private BigDecimal rounded(BigDecimal value) {
            int scale = Math.max(scale(value), scale(max.subtract(min)));
            return value.setScale(scale, RoundingMode.HALF_EVEN);
        }

        private static int scale(BigDecimal number) {
            return DIGITS - number.precision() + number.scale();
        }
    }

    /** Parses a list, {@code {from, to, steps | step, scale}} or {@code {min, max, scale}}. */
    static Variable of(String source, String key, JsonNode value) {
        Fields fields = new Fields(source + ", sweep." + key, value);
        if (value.isArray()) {
            return new Listed(key, list(fields, value));
        }
        if (value.has("min") || value.has("max")) {
            fields.only(Set.of("min", "max", "scale"));
            BigDecimal min = fields.number("min");
            BigDecimal max = fields.number("max");
            fields.require(min.compareTo(max) < 0, "min below max");
            fields.require(!fields.isLog() || min.signum() > 0, "min above 0 for scale = \"log\"");
            return new Drawn(key, min, max, fields.isLog());
        }
        fields.only(Set.of("from", "to", "steps", "step", "scale"));
        return new Listed(key, range(fields));
    }

    private static List<String> list(Fields fields, JsonNode array) {
        fields.require(!array.isEmpty(), "at least one value");
        List<String> values = new ArrayList<>();
        array.forEach(value -> values.add(value.toString())); // JSON strings, numbers and lists are valid TOML
        return values;
    }

    private static List<String> range(Fields fields) {
        BigDecimal from = fields.number("from");
        BigDecimal to = fields.number("to");
        fields.require(from.compareTo(to) < 0, "from below to");
        fields.require(
                fields.has("steps") != fields.has("step"), "either steps (number of values) or step (their distance)");
        List<String> values = new ArrayList<>();
        if (fields.has("step")) {
            BigDecimal step = fields.number("step");
            fields.require(step.signum() > 0 && !fields.isLog(), "a step above 0, and no scale = \"log\" with it");
            fields.require(
                    to.subtract(from).divide(step, MathContext.DECIMAL64).compareTo(BigDecimal.valueOf(Sweep.MAX_RUNS))
                            < 0,
                    "fewer than " + Sweep.MAX_RUNS + " values");
            for (BigDecimal value = from; value.compareTo(to) <= 0; value = value.add(step)) {
                values.add(text(value));
            }
            return values;
        }
        BigDecimal steps = fields.number("steps");
        fields.require(
                steps.scale() <= 0 && steps.intValue() >= 2 && steps.compareTo(BigDecimal.valueOf(Sweep.MAX_RUNS)) <= 0,
                "steps: an integer from 2 to " + Sweep.MAX_RUNS);
        fields.require(!fields.isLog() || from.signum() > 0, "from above 0 for scale = \"log\"");
        int last = steps.intValue() - 1;
        for (int i = 0; i <= last; i++) {
            values.add(text(i == 0 ? from : i == last ? to : at((double) i / last, from, to, fields.isLog())));
        }
        return values;
    }

    /** The value at a fraction of the range, with six digits, or all digits before the point. */
    private static BigDecimal at(double share, BigDecimal from, BigDecimal to, boolean log) {
        double value = log
                ? Math.exp(between(Math.log(from.doubleValue()), Math.log(to.doubleValue()), share))
                : between(from.doubleValue(), to.doubleValue(), share);
        BigDecimal exact = new BigDecimal(value);
        return exact.round(new MathContext(Math.max(6, exact.precision() - exact.scale())));
    }

    private static double between(double low, double high, double share) {
        return low + share * (high - low);
    }

    private static String text(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        return number.scale() > 0 && plain.scale() <= 0 ? plain.toPlainString() + ".0" : plain.toPlainString();
    }

    /** The fields of an inline table, and their checks. */
    record Fields(String place, JsonNode node) {
        boolean has(String name) {
            return node.has(name);
        }

        boolean isLog() {
            String scale = has("scale") ? node.get("scale").asText() : "linear";
            require(scale.equals("log") || scale.equals("linear"), "scale = \"linear\" or \"log\"");
            return scale.equals("log");
        }

        BigDecimal number(String name) {
            boolean finite = has(name)
                    && node.get(name).isNumber()
                    && Double.isFinite(node.get(name).doubleValue());
            require(finite, "a number for " + name);
            return node.get(name).decimalValue();
        }

        void only(Set<String> names) {
            for (Iterator<String> found = node.fieldNames(); found.hasNext(); ) {
                String name = found.next();
                require(names.contains(name), "no key '" + name + "', only " + String.join(", ", new TreeSet<>(names)));
            }
        }

        void require(boolean right, String expected) {
            if (!right) {
                throw new InputException("%s: found %s, expected %s".formatted(place, node, expected));
            }
        }
    }
}
