package yolompi.train;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import yolompi.data.Batch;
import yolompi.dist.Backends;
import yolompi.dist.Communicator;
import yolompi.dist.GatheredRows;
import yolompi.dist.TensorGroup;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Compute;
import yolompi.torch.NativeLibraries;
import yolompi.torch.Threads;

/** Ranks with synchronised batch norm, of which the last alone computes no numbers; each prints whether it finds its own part finite. */
final class LoneCulpritProgram {
    private LoneCulpritProgram() {}

    public static void main(String[] args) {
        NativeLibraries.load(torch.class);
        Threads.use(1);
        Recipe recipe = RecipeFile.parse(
                "test", "[data]\nsize = 64\n[train]\nbatch = 4\n[model]\nsync_batch_norm = true", List.of());
        try (Communicator ranks = Communicator.join();
                TensorGroup group = Backends.meet(ranks, recipe.dist(), false)) {
            GatheredRows rows = new GatheredRows(group);
            Network network = new Network(
                    Architecture.read("yolov3-tiny", List.of(), 3), 1, Compute.PLAIN, Optional.of(rows::gather));
            try (TrainStep step = new TrainStep(network, recipe, ranks, group, Compute.PLAIN)) {
                if (ranks.world().rank() == ranks.world().size() - 1) {
                    spoil(network);
                }
                List<Batch> batches = List.of(RandomBatches.of(1, 3, 64, 3));
                System.out.println(
                        "finite: " + step.run(batches, Rates.of(0.01, 0.9)).finite());
                System.out.println("own part finite: " + step.notFinite(batches).isEmpty());
            }
        }
    }

    private static void spoil(Network network) {
        try (NoGradGuard constant = new NoGradGuard()) {
            network.parameters().get(0).tensor().fill_(new Scalar(Double.NaN));
        }
    }
}
