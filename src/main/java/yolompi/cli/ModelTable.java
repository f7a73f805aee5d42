package yolompi.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import yolompi.model.Activation;
import yolompi.model.Architecture;
import yolompi.model.LayerSpec;
import yolompi.recipe.Recipe;
import yolompi.train.memory.TrainingMemory;

/** The output of {@code model}: one line per layer, then the totals. */
final class ModelTable {
    private static final String ROW = "%5s  %-11s  %-27s %15s -> %-15s %12s %8s %6s%n";
    private static final double MIB = 1 << 20;

    private final Architecture architecture;
    private final Recipe recipe;
    private final StringBuilder text = new StringBuilder();

    ModelTable(Architecture architecture, Recipe recipe) {
        this.architecture = architecture;
        this.recipe = recipe;
    }

    String text() {
        add(ROW, "layer", "kind", "details", "input", "output", "parameters", "GFLOPs", "stride");
        for (int i = 0; i < architecture.layers().size(); i++) {
            row(i, architecture.layers().get(i));
        }
        totals();
        return text.toString();
    }

    private void row(int number, LayerSpec layer) {
        double gigaflops = layer.gigaflops(size());
        add(
                ROW,
                number,
                layer.kind().name().toLowerCase(Locale.ROOT),
                layer.accept(new Details()),
                layer.kind() == LayerSpec.Kind.ROUTE ? "" : input(number),
                shape(layer.channels(), layer.totalStride()),
                layer.parameters() == 0 ? "" : String.format(Locale.ROOT, "%,d", layer.parameters()),
                gigaflops == 0 ? "" : String.format(Locale.ROOT, "%.3f", gigaflops),
                layer.totalStride());
    }

    private String input(int number) {
        if (number == 0) {
            return shape(3, 1);
        }
        LayerSpec before = architecture.layers().get(number - 1);
        return shape(before.channels(), before.totalStride());
    }

    private String shape(int channels, int stride) {
        int edge = size() / stride;
        return channels + " x " + edge + " x " + edge;
    }

    private void totals() {
        int images = recipe.train().batch();
        TrainingMemory memory = TrainingMemory.of(recipe, architecture, images, Float.BYTES);
        long state = memory.weights() + memory.gradients() + memory.optimizer() + memory.average();
        add("%n%s at %d x %d pixels, %d classes%n", architecture.source(), size(), size(), classes());
        add(
                "  layers      %,d; the first %d are the backbone%n",
                architecture.layers().size(), architecture.backboneLayers());
        add("  parameters  %,d%n", architecture.parameters());
        add("  forward     %.2f GFLOPs per image%n", architecture.gigaflops(size()));
        add(
                "  training    about %,.0f MiB for %s at once in fp32 with %s: weights, gradients, optimizer%n",
                memory.total() / MIB,
                images == 1 ? "1 image" : images + " images",
                recipe.optimizer().kind().name().toLowerCase(Locale.ROOT));
        add(
                "              and average %,.0f, activations %,.0f, program %,.0f%n",
                state / MIB, memory.activations() / MIB, memory.program() / MIB);
    }

    private int size() {
        return recipe.data().size();
    }

    private int classes() {
        return architecture.heads().get(0).classes();
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    /** Describes what is special about a layer. */
    private static final class Details implements LayerSpec.Visitor<String> {
        @Override
        public String convolution(LayerSpec.Convolution convolution) {
            LayerSpec.Kernel kernel = convolution.kernel();
            return "%d of %s%s%s%s%s"
                    .formatted(
                            convolution.channels(),
                            window(kernel.size(), kernel.stride()),
                            kernel.dilation() == 1 ? "" : ", dilation " + kernel.dilation(),
                            kernel.groups() == 1 ? "" : ", groups " + kernel.groups(),
                            convolution.batchNorm() ? ", norm" : "",
                            activation(convolution.activation()));
        }

        @Override
        public String maxPool(LayerSpec.MaxPool pool) {
            return window(pool.size(), pool.poolStride());
        }

        @Override
        public String upsample(LayerSpec.Upsample upsample) {
            return "x " + upsample.factor() + (upsample.scale() == 1 ? "" : ", scale " + upsample.scale());
        }

        @Override
        public String route(LayerSpec.Route route) {
            String part = route.groups() == 1 ? "" : ", part %d of %d".formatted(route.group() + 1, route.groups());
            return numbers(route.from()) + part;
        }

        @Override
        public String shortcut(LayerSpec.Shortcut shortcut) {
            return "+ " + numbers(shortcut.from()) + activation(shortcut.activation());
        }

        @Override
        public String yolo(LayerSpec.Yolo yolo) {
            return "%d anchors, %d classes"
                    .formatted(yolo.head().anchors().size(), yolo.head().classes());
        }

        private static String window(int size, int step) {
            return size + " x " + size + (step == 1 ? "" : " / " + step);
        }

        private static String activation(Activation activation) {
            return activation == Activation.LINEAR ? "" : ", " + activation.text();
        }

        private static String numbers(List<Integer> layers) {
            return layers.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
    }
}
