package yolompi.train;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.dist.Backends;
import yolompi.dist.Communicator;
import yolompi.dist.TensorGroup;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Arithmetic;
import yolompi.torch.Compute;
import yolompi.torch.NativeLibraries;
import yolompi.torch.Tensors;
import yolompi.torch.Threads;

/** A rank that takes two steps in fp16, the second after a bias of the last rank has left the range of fp16; prints what became of each. */
final class OverflowProgram {
    private static final float WITHIN_FP16 = 1024; // the loss scale, for so few images
    private static final double BEYOND_FP16 = 1e6;

    private OverflowProgram() {}

    public static void main(String[] args) {
        NativeLibraries.load(torch.class);
        Threads.use(1);
        Compute half = Compute.cpu(Arithmetic.FP16);
        Recipe recipe = RecipeFile.parse("test", "train.batch = 4", List.of());
        Network network = new Network(Architecture.read("yolov3-tiny", List.of(), 3), 1, half, Optional.empty());
        try (Communicator ranks = Communicator.join();
                TensorGroup group = Backends.meet(ranks, recipe.dist(), false);
                TrainStep step = new TrainStep(network, recipe, ranks, group, half)) {
            scale(step).copy_(Tensors.ofFloats(new float[] {WITHIN_FP16, 0}, 2));
            take(step, ranks);
            if (ranks.world().rank() == ranks.world().size() - 1) {
                Tensor bias = network.parameters()
                        .get(network.parameters().size() - 1)
                        .tensor();
                try (NoGradGuard constant = new NoGradGuard()) {
                    bias.fill_(new Scalar(BEYOND_FP16));
                }
            }
            take(step, ranks);
        }
    }

    private static void take(TrainStep step, Communicator ranks) {
        int first = 1 + 2 * ranks.world().rank();
        boolean taken = step.run(List.of(RandomBatches.of(first, first + 2, 64, 3)), Rates.of(0.01, 0.9))
                .finite();
        System.out.printf("taken %b, factor %.0f%n", taken, Tensors.toFloats(scale(step))[0]);
    }

    private static Tensor scale(TrainStep step) {
        return step.state().stream()
                .filter(parameter -> parameter.name().equals("loss_scale"))
                .findFirst()
                .orElseThrow()
                .tensor();
    }
}
