package yolompi.model.darknet;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import yolompi.model.Architecture;

/**
 * Adapts the text of a {@code .cfg} so that Darknet can use the trained weights. The data set
 * decides the classes and the filters before each {@code [yolo]}; the recipe decides the anchors
 * and the input size. Everything else stays unchanged.
 */
public final class CfgWriter {
    private final List<String> lines;

    private CfgWriter(String text) {
        this.lines = new ArrayList<>(text.lines().toList());
    }

    /**
     * Returns the adapted text.
     *
     * @param anchors of the recipe, width and height of each; empty: keep those of the file
     * @param size edge of the input, pixels
     */
    public static String of(Architecture architecture, List<Double> anchors, int size) {
        CfgWriter fitted = new CfgWriter(architecture.text());
        List<CfgSection> sections =
                CfgFile.parse(architecture.source(), architecture.text()).sections();
        // Backward, because an inserted line moves the lines after it.
        int end = fitted.lines.size();
        for (int i = sections.size() - 1; i >= 0; i--) {
            int first = sections.get(i).line();
            fitted.put(first, end, i == 0 ? ofNet(size) : ofLayer(architecture, i - 1, sections.get(i), anchors));
            end = first - 1;
        }
        return String.join("\n", fitted.lines) + "\n";
    }

    /** Darknet has no default for these. */
    private static Map<String, String> ofNet(int size) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("width", "" + size);
        values.put("height", "" + size);
        values.put("channels", "3");
        return values;
    }

    private static Map<String, String> ofLayer(
            Architecture architecture, int number, CfgSection section, List<Double> anchors) {
        Map<String, String> values = new LinkedHashMap<>();
        architecture.headAfter(number).ifPresent(head -> values.put("filters", "" + head.channels()));
        architecture.layers().get(number).asHead().ifPresent(head -> {
            values.put("classes", "" + head.classes());
            values.put("num", "" + section.floats("anchors").length / 2);
            if (!anchors.isEmpty()) {
                values.put("anchors", anchors.stream().map(CfgWriter::plain).collect(Collectors.joining(", ")));
            }
        });
        return values;
    }

    /** Formats a number without an exponent. */
    private static String plain(double edge) {
        return BigDecimal.valueOf(edge).stripTrailingZeros().toPlainString();
    }

    /**
     * Sets keys in the lines {@code first} to {@code end} (exclusive). Replaces existing lines;
     * inserts new ones at {@code first}.
     */
    private void put(int first, int end, Map<String, String> values) {
        int behind = end;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String line = entry.getKey() + "=" + entry.getValue();
            int at = first;
            while (at < behind && !key(lines.get(at)).equals(entry.getKey())) {
                at++;
            }
            if (at < behind) {
                lines.set(at, line);
            } else {
                lines.add(first, line);
                behind++;
            }
        }
    }

    private static String key(String line) {
        return line.substring(0, Math.max(0, line.indexOf('='))).strip();
    }
}
