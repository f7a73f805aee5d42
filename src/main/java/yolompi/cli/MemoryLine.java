package yolompi.cli;

import java.util.ArrayList;
import java.util.List;
import yolompi.InputException;
import yolompi.dist.HostMemory;
import yolompi.torch.GpuMemory;
import yolompi.train.TrainingMemory;
import yolompi.train.TrainingSetup;

/**
 * The memory that a training needs beside what there is.
 *
 * @param rankBytes that a rank needs, about
 * @param bytes that the ranks need together that share a host's memory, or a rank that has a GPU's
 * @param freeBytes that are free for these
 */
record MemoryLine(long rankBytes, long bytes, long freeBytes, String place) {
    private static final String REMEDY = "lower train.micro_batch, let --auto-batch find it, or start fewer ranks here";
    /** The need is an estimate: only so far beyond what is free it can't be right to begin. */
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
                        HostMemory.available(),
                        "on " + setup.ranks().world().host());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("memory    about %,d MiB a rank".formatted(rankBytes >> 20)));
        if (bytes > freeBytes) {
            lines.add("          but %,d MiB are free %s for the %,d MiB of all: %s"
                    .formatted(freeBytes >> 20, place, bytes >> 20, REMEDY));
        }
        return lines;
    }

    /** @throws InputException where the training would be killed, and perhaps other processes with it */
    MemoryLine require() {
        if (bytes > HOPELESS * freeBytes) {
            throw new InputException("memory: about %,d MiB are needed %s, and %,d are free; %s"
                    .formatted(bytes >> 20, place, freeBytes >> 20, REMEDY));
        }
        return this;
    }
}
