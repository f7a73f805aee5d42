package yolompi.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The text of a {@code .cfg} as Darknet must read it for the weights of a training: the data set decides on classes and the filters before each
 * {@code [yolo]}, the recipe on anchors and the input's size, whatever the file said. All else stays as it was.
 */
public final class FittedCfg {
    private final List<String> lines;

    private FittedCfg(String text) {
        this.lines = new ArrayList<>(text.lines().toList());
    }

    /**
     * Fits the text.
     *
     * @param anchors of the recipe, width and height of each; empty: those in the file
     * @param size edge of the input, pixels
     */
    public static String of(Architecture architecture, List<Double> anchors, int size) {
        FittedCfg fitted = new FittedCfg(architecture.text());
        List<CfgSection> sections =
                CfgFile.parse(architecture.source(), architecture.text()).sections();
        // From the last one on: a line that comes in moves those behind it.
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
        List<LayerSpec> layers = architecture.layers();
        Map<String, String> values = new LinkedHashMap<>();
        if (layers.get(number) instanceof LayerSpec.Yolo yolo) {
            values.put("classes", "" + yolo.head().classes());
            values.put("num", "" + section.floats("anchors").length / 2);
            if (!anchors.isEmpty()) {
                values.put("anchors", anchors.stream().map(FittedCfg::plain).collect(Collectors.joining(", ")));
            }
        } else if (number + 1 < layers.size() && layers.get(number + 1) instanceof LayerSpec.Yolo yolo) {
            values.put("filters", "" + yolo.head().channels());
        }
        return values;
    }

    /** Without an exponent, as people write them. */
    private static String plain(double edge) {
        return BigDecimal.valueOf(edge).stripTrailingZeros().toPlainString();
    }

    /** Sets keys among the lines {@code first} up to {@code end}: where they stand, or in front. */
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
