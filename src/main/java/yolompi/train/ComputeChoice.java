package yolompi.train;

import org.bytedeco.pytorch.global.torch;
import yolompi.InputException;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.dist.Host;
import yolompi.dist.World;
import yolompi.recipe.ModelRecipe;
import yolompi.recipe.ModelRecipe.DeviceKind;
import yolompi.recipe.ModelRecipe.Precision;
import yolompi.recipe.Recipe;
import yolompi.torch.Arithmetic;
import yolompi.torch.Compute;

/** Gives every rank a device and an arithmetic: one GPU a rank, by the rank's number on its host, or the CPU. */
final class ComputeChoice {
    private ComputeChoice() {}

    /**
     * Decides for this rank; collective.
     *
     * @throws yolompi.dist.AgreedException on all ranks where the recipe wants what a rank has not
     */
    static Compute of(Recipe recipe, Communicator ranks) {
        // Asked on every rank whatever it wants: that all have the same recipe is known only later.
        boolean amxEverywhere = !ranks.any(!Host.hasAmx());
        boolean gpuEverywhere = !ranks.any(Compute.gpus() == 0);
        ModelRecipe model = recipe.model();
        boolean gpu = model.device() == DeviceKind.GPU || (model.device() == DeviceKind.AUTO && gpuEverywhere);
        return Agreement.on(ranks, () -> {
            if (!gpu) {
                return Compute.cpu(arithmetic(model.precision(), amxEverywhere));
            }
            int index = gpuOf(ranks.world(), Compute.gpus(), recipe.dist().shareGpus());
            allowTf32(model.precision() == Precision.TF32);
            return Compute.gpu(index, arithmetic(model.precision(), true));
        });
    }

    private static Arithmetic arithmetic(Precision wanted, boolean fastBf16) {
        return switch (wanted) {
            case FP32 -> Arithmetic.FP32;
            case TF32 -> Arithmetic.TF32;
            case BF16 -> Arithmetic.BF16;
            case FP16 -> Arithmetic.FP16;
            case AUTO -> fastBf16 ? Arithmetic.BF16 : Arithmetic.FP32;
        };
    }

    static int gpuOf(World world, int gpus, boolean share) {
        if (gpus == 0) {
            throw new InputException("model.device = \"gpu\": " + world.describe()
                    + " sees no GPU; build with -Pgpu, look at CUDA_VISIBLE_DEVICES, or take \"auto\" or \"cpu\"");
        }
        if (world.localSize() > gpus && !share) {
            throw new InputException(
                    "%d ranks on %s, but it has %d GPUs; start at most that many, or allow sharing by dist.share_gpus = true"
                            .formatted(world.localSize(), world.host(), gpus));
        }
        return world.localRank() % gpus;
    }

    private static void allowTf32(boolean allowed) {
        torch.globalContext().setAllowTF32CuBLAS(allowed);
        torch.globalContext().setAllowTF32CuDNN(allowed);
    }
}
