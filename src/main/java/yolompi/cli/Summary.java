package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import yolompi.distributed.world.World;
import yolompi.model.Architecture;
import yolompi.recipe.Recipe;
import yolompi.report.console.Counted;
import yolompi.train.setup.TrainingSetup;

/** The text lines that describe a training before its first step. */
final class Summary {
    private Summary() {}

    static List<String> lines(TrainingSetup setup) {
        Recipe recipe = setup.recipe();
        World world = setup.ranks().world();
        int replicas = recipe.dist().replicas();
        Architecture architecture = setup.architecture();
        List<String> lines = new ArrayList<>();
        lines.add("world     %s, %d on this host (%s), %s each"
                .formatted(
                        Counted.of(world.size(), "rank"),
                        world.localSize(),
                        world.host(),
                        Counted.of(setup.threads(), "thread")));
        lines.add("model     %s, %,d parameters, %.2f GFLOPs at %d, %s"
                .formatted(
                        architecture.source(),
                        architecture.parameters(),
                        architecture.gigaflops(recipe.data().size()),
                        recipe.data().size(),
                        setup.compute().describe()));
        PrecisionLine.of(setup.compute()).ifPresent(line -> lines.add("warning   " + line));
        lines.add("train     %s: %d images, %d classes, fingerprint %.12s"
                .formatted(
                        recipe.data().train(),
                        setup.data().train().size(),
                        setup.data().train().names().size(),
                        setup.data().train().fingerprint()));
        lines.add(setup.data()
                .val()
                .map(shards -> "val       %s: %d images, fingerprint %.12s"
                        .formatted(recipe.data().val(), shards.size(), shards.fingerprint()))
                .orElse("val       none: no evaluation during training"));
        lines.add("batch     %d images per step, at most %d at once on a %s, %s"
                .formatted(
                        recipe.train().batch(),
                        setup.share().largest(),
                        replicas == 1 ? "rank" : "replica (this process has " + replicas + ")",
                        Counted.of(recipe.train().epochs(), "epoch")));
        if (!recipe.data().sizes().isEmpty()) {
            lines.add("sizes     %s pixels, changed every %d steps"
                    .formatted(
                            recipe.data().sizes().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                            recipe.data().resizeEvery()));
        }
        MosaicLine.of(recipe).ifPresent(line -> lines.add("augment   " + line));
        lines.addAll(AnchorLines.summary(setup));
        setup.classBalance()
                .ifPresent(balance -> lines.add("balance   "
                        + BalanceLine.of(balance, setup.data().train().names())));
        lines.addAll(MemoryLine.of(setup).lines());
        return lines;
    }
}
