package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import yolompi.InputException;
import yolompi.distributed.device.HostResources;
import yolompi.torch.Compute.GpuMemory;
import yolompi.train.memory.TrainingMemory;
import yolompi.train.setup.TrainingSetup;

/**
 * The memory that a training needs and the memory that is free.
 *
 * @param rankBytes estimate of the bytes that one rank needs
 * @param bytes estimate for all ranks that share the memory: those of this host, or one rank on a
 *     GPU
 * @param freeBytes free bytes of that memory
 * @param place where that memory is, such as {@code on the GPU}
 */
record MemoryLine(long rankBytes, long bytes, long freeBytes, String place) {
    private static final String REMEDY = "lower train.micro_batch, use --auto-batch, or start fewer ranks on this host";
    /**
     * The need is an estimate, so only a need that exceeds the free memory by this factor is an
     * error.
     */
    private static final double HOPELESS = 1.5;

    static MemoryLine of(TrainingSetup setup) {
        long need = TrainingMemory.of(
                        setup.recipe(),
                        setup.architecture(),
                        setup.share().largest(),
                        setup.compute().bytesPerValue())
                .total();
        return setup.compute().onGpu()
                ? new MemoryLine(need, need, new GpuMemory(setup.compute().index()).free(), "on the GPU")
                : new MemoryLine(
                        need,
                        need * setup.ranks().world().localSize(),
                        HostResources.availableMemory(),
                        "on " + setup.ranks().world().host());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("memory    about %,d MiB per rank".formatted(rankBytes >> 20)));
        if (bytes > freeBytes) {
            lines.add("          but only %,d MiB are free %s, and all ranks there need %,d MiB: %s"
                    .formatted(freeBytes >> 20, place, bytes >> 20, REMEDY));
        }
        return lines;
    }

    /** @throws InputException if the kernel would kill the training, and perhaps other processes */
    MemoryLine require() {
        if (bytes > HOPELESS * freeBytes) {
            throw new InputException("memory: the training needs about %,d MiB %s, but only %,d MiB are free; %s"
                    .formatted(bytes >> 20, place, freeBytes >> 20, REMEDY));
        }
        return this;
    }
}
