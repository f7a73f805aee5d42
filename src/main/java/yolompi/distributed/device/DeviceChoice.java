package yolompi.distributed.device;

import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import yolompi.InputException;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.World;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.ModelRecipe;
import yolompi.recipe.ModelRecipe.DeviceKind;
import yolompi.recipe.ModelRecipe.Layout;
import yolompi.recipe.Recipe;
import yolompi.torch.CudaLibraries;
import yolompi.torch.DeviceContext;
import yolompi.torch.DeviceContext.CpuCaches;
import yolompi.torch.Precision;
import yolompi.torch.VisibleGpus;

/**
 * Chooses the device and the precision of each rank. With GPUs, each rank gets one: that of its
 * number among the ranks that see the same GPUs. Otherwise it gets the CPU.
 */
public final class DeviceChoice {
    private DeviceChoice() {}

    /**
     * Chooses for this rank; collective.
     *
     * @throws Agreement.AgreedException on all ranks, if a rank lacks what the recipe requires
     */
    public static DeviceContext of(Recipe recipe, Communicator ranks) {
        // Collective on every rank: whether all have the same recipe is checked only later.
        // oneDNN needs the cache sizes; without oneDNN, bf16 is slower than fp32.
        boolean fastBf16 = !ranks.any(!Host.multipliesBf16() || !CpuCaches.areKnown());
        boolean fastChannelsLast = !ranks.any(!Host.hasAvx512() || !CpuCaches.areKnown());
        boolean gpuEverywhere = !ranks.any(DeviceContext.gpus() == 0);
        World sharing = thoseThatSee(VisibleGpus.view(), ranks);
        ModelRecipe model = recipe.model();
        boolean gpu = model.device() == DeviceKind.GPU || (model.device() == DeviceKind.AUTO && gpuEverywhere);
        return Agreement.on(ranks, () -> {
            if (!gpu) {
                return DeviceContext.cpu(precision(model.precision(), fastBf16))
                        .in(cpuLayout(model.layout(), fastChannelsLast, CpuCaches.areKnown()));
            }
            int index = gpuOf(sharing, DeviceContext.gpus(), recipe.dist());
            allowTf32(model.precision() == ModelRecipe.Precision.TF32);
            torch.globalContext().setBenchmarkCuDNN(model.autotune());
            DeviceContext device =
                    DeviceContext.gpu(index, precision(model.precision(), true)).in(layout(model.layout(), true));
            device.makeCurrent();
            return device;
        });
    }

    /**
     * Returns this rank's position among the ranks of its host that see, and so share, the same
     * GPUs; collective.
     */
    static World thoseThatSee(String view, Communicator ranks) {
        World world = ranks.world();
        String own = world.host() + " " + view;
        List<String> all = ranks.allGather(own);
        int before = Collections.frequency(all.subList(0, world.rank()), own);
        return new World(world.rank(), world.size(), before, Collections.frequency(all, own), world.host());
    }

    private static Precision precision(ModelRecipe.Precision requested, boolean fastBf16) {
        return switch (requested) {
            case FP32 -> Precision.FP32;
            case TF32 -> Precision.TF32;
            case BF16 -> Precision.BF16;
            case FP16 -> Precision.FP16;
            case AUTO -> fastBf16 ? Precision.BF16 : Precision.FP32;
        };
    }

    static MemoryFormat cpuLayout(Layout requested, boolean fastChannelsLast, boolean cachesKnown) {
        if (requested == Layout.CHANNELS_LAST && !cachesKnown) {
            throw new InputException(
                    "model.layout = \"channels_last\": this CPU does not report its cache sizes, as in some virtual"
                            + " machines, and LibTorch's channels-last convolutions crash there; set it to \"auto\" or"
                            + " \"plain\"");
        }
        return layout(requested, fastChannelsLast);
    }

    static MemoryFormat layout(Layout requested, boolean fastChannelsLast) {
        return switch (requested) {
            case PLAIN -> MemoryFormat.Contiguous;
            case CHANNELS_LAST -> MemoryFormat.ChannelsLast;
            case AUTO -> fastChannelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
        };
    }

    /**
     * Returns the first GPU of a rank. A rank has one GPU for each of its replicas.
     *
     * @param world its local ranks are those that see the same GPUs
     */
    static int gpuOf(World world, int gpus, DistRecipe dist) {
        if (gpus == 0) {
            throw new InputException("model.device = \"gpu\": " + world.describe() + " sees no GPU; "
                    + (CudaLibraries.areInTheBuild()
                            ? "check nvidia-smi and CUDA_VISIBLE_DEVICES"
                            : "this is the build for CPUs; build for GPUs with: mvn -Pgpu -DskipTests package")
                    + "; or set it to \"auto\" or \"cpu\"");
        }
        int requested = world.localSize() * dist.replicas();
        if (requested > gpus && !dist.shareGpus()) {
            throw new InputException(
                    ("%d ranks with dist.replicas = %d on %s need %d GPUs, but see %d; start fewer ranks, give them"
                                    + " more GPUs (Slurm: --gpus-per-node), or share GPUs with dist.share_gpus = true")
                            .formatted(world.localSize(), dist.replicas(), world.host(), requested, gpus));
        }
        return world.localRank() * dist.replicas() % gpus;
    }

    public static void allowTf32(boolean allowed) {
        torch.globalContext().setAllowTF32CuBLAS(allowed);
        torch.globalContext().setAllowTF32CuDNN(allowed);
    }
}
