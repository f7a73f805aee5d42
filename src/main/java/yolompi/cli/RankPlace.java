package yolompi.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import yolompi.distributed.Communicator;
import yolompi.distributed.device.HostResources;
import yolompi.distributed.world.Host;
import yolompi.torch.VisibleGpus;
import yolompi.train.setup.TrainingSetup;

/**
 * The resources that the launcher gave a rank.
 *
 * @param gpu identifies the GPU within its host; empty if the rank computes on the CPU
 * @param device readable description, such as {@code bf16 on GPU 0}
 * @param processors CPUs that the rank may use, in the kernel's notation
 * @param memoryMib free memory of its host, MiB
 */
record RankPlace(String rank, String host, String gpu, String device, String processors, int threads, long memoryMib) {
    private static final String FIELD_END = "\t";

    /** The places of all ranks, in rank order; collective. */
    static List<RankPlace> gather(TrainingSetup setup) {
        Communicator ranks = setup.ranks();
        boolean onGpu = setup.compute().onGpu();
        RankPlace own = new RankPlace(
                ranks.world().describe(),
                ranks.world().host(),
                onGpu ? VisibleGpus.view() + " " + setup.compute().index() : "",
                setup.compute().describe(),
                Host.allowedProcessors(),
                setup.threads(),
                HostResources.availableMemory() >> 20);
        return ranks.allGather(own.encode()).stream().map(RankPlace::decode).toList();
    }

    private String encode() {
        return String.join(
                FIELD_END, rank, host, gpu, device, processors, String.valueOf(threads), String.valueOf(memoryMib));
    }

    private static RankPlace decode(String text) {
        String[] fields = text.split(FIELD_END, -1);
        return new RankPlace(
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                fields[4],
                Integer.parseInt(fields[5]),
                Long.parseLong(fields[6]));
    }

    String line() {
        return "%s: %s, %d cores (%s), %d threads, %,d MiB free"
                .formatted(rank, device, HostResources.countCores(processors), processors, threads, memoryMib);
    }

    /** Warns about resources that make a training slow or let it fail. */
    static List<String> warnings(List<RankPlace> places) {
        List<String> warnings = new ArrayList<>();
        places.stream()
                .filter(place -> HostResources.countCores(place.processors) == 1)
                .forEach(place -> warnings.add(place.rank
                        + " has only one core for computing, decoding images and the JVM: give it more cores"
                        + " (Slurm: --cpus-per-task)"));
        Map<String, List<RankPlace>> byGpu = places.stream()
                .filter(place -> !place.gpu.isEmpty())
                .collect(Collectors.groupingBy(
                        place -> place.host + FIELD_END + place.gpu, LinkedHashMap::new, Collectors.toList()));
        byGpu.values().stream()
                .filter(sharing -> sharing.size() > 1)
                .forEach(sharing ->
                        warnings.add(sharing.stream().map(RankPlace::rank).collect(Collectors.joining(", "))
                                + " share one GPU: start one rank per GPU (Slurm: --ntasks-per-node and --gpus-per-node"
                                + " with the same number)"));
        return warnings;
    }
}
