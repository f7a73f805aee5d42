package yolompi.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Converts single values of a recipe from TOML, with strict types, and back to TOML text. */
final class RecipeValue {
    // The TOML library misreads integers of 19 digits, so RecipeFile rejects them and none is
    // written.
    private static final long LONG_BOUND = 1_000_000_000_000_000_000L;

    private RecipeValue() {}

    /** The value of a key. An integer may stand for a double; nothing else is converted. */
    static Object of(Type type, JsonNode node, String key) {
        if (type == int.class || type == Integer.class) {
            boolean fits = node.isIntegralNumber() && node.canConvertToInt();
            String expected = node.isIntegralNumber() ? "an integer of at most 32 bits" : "an integer";
            return require(fits, node, key, expected).intValue();
        } else if (type == long.class) {
            boolean fits =
                    node.isIntegralNumber() && node.canConvertToLong() && Math.abs(node.longValue()) < LONG_BOUND;
            return require(fits, node, key, "an integer of at most 18 digits").longValue();
        } else if (type == double.class || type == Double.class) {
            boolean finite = node.isNumber() && Double.isFinite(node.doubleValue());
            // + 0.0 turns -0.0 into 0.0, because equals would tell them apart.
            return require(finite, node, key, "a number").doubleValue() + 0.0;
        } else if (type == boolean.class) {
            return require(node.isBoolean(), node, key, "true or false").booleanValue();
        } else if (type == String.class) {
            return require(node.isTextual(), node, key, "a string in quotes").textValue();
        } else if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return list(list.getActualTypeArguments()[0], node, key);
        } else if (type instanceof Class<?> kind && kind.isEnum()) {
            return constant(kind, node, key);
        }
        throw new IllegalStateException("No TOML value fits the type " + type + " of " + key);
    }

    private static List<Object> list(Type element, JsonNode node, String key) {
        require(node.isArray(), node, key, "a list in brackets");
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            values.add(of(element, node.get(i), key + "[" + i + "]"));
        }
        return values;
    }

    private static Object constant(Class<?> kind, JsonNode node, String key) {
        for (Object constant : kind.getEnumConstants()) {
            if (node.isTextual() && node.textValue().equals(lowerCase(constant))) {
                return constant;
            }
        }
        String valid = Stream.of(kind.getEnumConstants())
                .map(constant -> '"' + lowerCase(constant) + '"')
                .collect(Collectors.joining(" or "));
        return require(false, node, key, valid);
    }

    private static JsonNode require(boolean fits, JsonNode node, String key, String expected) {
        if (!fits) {
            Limits.fail(key, show(node), expected);
        }
        return node;
    }

    /** The found value in TOML syntax, for messages. */
    static String show(JsonNode found) {
        if (found instanceof POJONode date) {
            return String.valueOf(date.getPojo());
        } else if (found.isFloatingPointNumber()) {
            return plain(found.doubleValue());
        } else if (found.isArray()) {
            return found.valueStream().map(RecipeValue::show).collect(Collectors.joining(", ", "[", "]"));
        } else if (found.isObject()) {
            return found.propertyStream()
                    .map(entry -> entry.getKey() + " = " + show(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return found.toString();
    }

    /** The value as TOML text. */
    static String toToml(Object value) {
        if (value instanceof String text) {
            return quote(text);
        } else if (value instanceof Double number) {
            return plain(number);
        } else if (value instanceof Enum<?> constant) {
            return quote(lowerCase(constant));
        } else if (value instanceof List<?> list) {
            return list.stream().map(RecipeValue::toToml).collect(Collectors.joining(", ", "[", "]"));
        }
        return value.toString();
    }

    /**
     * Without an exponent if readable, always with a decimal point; reads back as the same double.
     */
    private static String plain(double number) {
        double size = Math.abs(number);
        if (!Double.isFinite(number) || size >= 1e15 || (size != 0 && size < 1e-9)) {
            return Double.toString(number);
        }
        String digits =
                new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
        return digits.contains(".") ? digits : digits + ".0";
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String lowerCase(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }
}
