package yolompi.train;

import java.util.List;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.global.torch;
import yolompi.dist.Backends;
import yolompi.dist.Communicator;
import yolompi.dist.TensorGroup;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Compute;
import yolompi.torch.NativeLibraries;
import yolompi.torch.Threads;

/** A rank that takes one step with gradients of its own, which the last rank's first parameter overflows in; prints whether all were finite. */
final class LoneOverflowProgram {
    private LoneOverflowProgram() {}

    public static void main(String[] args) {
        NativeLibraries.load(torch.class);
        Threads.use(1);
        Recipe recipe = RecipeFile.parse("test", "[data]\nsize = 64\n[train]\nbatch = 2", List.of());
        Network network = new Network(Architecture.read("yolov3-tiny", List.of(), 3), 1);
        TensorTensorHook overflow = SkippedStepTest.infinity();
        try (Communicator ranks = Communicator.join();
                Communicator self = Communicator.alone();
                TensorGroup none = Backends.meet(self, recipe.dist(), false);
                TrainStep step = new TrainStep(network, recipe, ranks, none, Compute.PLAIN)) {
            if (ranks.world().rank() == ranks.world().size() - 1) {
                network.parameters().get(0).tensor().register_hook(overflow);
            }
            TrainStep.Result result = step.run(List.of(RandomBatches.of(1, 2, 64, 3)), Rates.of(0.01, 0.9));
            System.out.println("finite: " + result.finite());
        }
    }
}
