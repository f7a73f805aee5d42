package yolompi.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.distributed.device.HostResources;
import yolompi.distributed.watchdog.Activity;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.SlurmJob;
import yolompi.distributed.world.World;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.torch.DeviceContext;
import yolompi.torch.VisibleGpus;
import yolompi.train.memory.AutoBatch;
import yolompi.train.memory.ImageHeap;
import yolompi.train.setup.TrainingSetup;
import yolompi.weights.PretrainedWeights;

@Command(
        name = "check",
        description = "Checks everything that can be checked before the first step: recipe, shards and their checksums,"
                + " ranks, devices, memory and model. Trains nothing.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private RecipeArguments arguments;

    @Mixin
    private SharedOptions.AutoBatchOption autoBatch;

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::check);
    }

    private void check(Communicator ranks) {
        Recipe recipe = Agreement.on(ranks, arguments::read);
        ranks.setStallTimeouts(recipe.dist());
        try (TrainingSetup prepared = TrainingSetup.prepare(recipe, Path.of("runs"), ranks)) {
            DeviceContext.useThreads(prepared.plan().threads());
            Optional<AutoBatch.Fitted> fitted =
                    autoBatch.fit(ranks, prepared.plan(), prepared.architecture(), prepared.device());
            TrainingSetup setup =
                    fitted.map(AutoBatch.Fitted::recipe).map(prepared::with).orElse(prepared);
            Agreement.on(ranks, () -> {
                ImageHeap.check(setup.plan(), setup.device());
                return Summary.Memory.of(setup).require();
            });
            List<String> found =
                    new ArrayList<>(fitted.map(AutoBatch.Fitted::lines).orElse(List.of()));
            found.addAll(Agreement.on(ranks, () -> weights(setup)));
            String gradients = gradients(setup);
            List<RankPlace> places = RankPlace.gather(setup);
            Agreement.on(ranks, () -> verify(setup));
            if (ranks.world().isRankZero()) {
                Summary.lines(setup).forEach(System.out::println);
                found.forEach(System.out::println);
                System.out.println("gradients " + gradients);
                SlurmJob.describe().ifPresent(job -> System.out.println("slurm     " + job));
                places.forEach(place -> System.out.println("rank      " + place.line()));
                RankPlace.warnings(places).forEach(warning -> System.out.println("warning   " + warning));
                System.out.println("checked   all records of all shards match their checksums; no errors found");
            }
        }
    }

    /** What is loaded from model.weights, if the recipe names a file; on rank 0. */
    private static List<String> weights(TrainingSetup setup) {
        Recipe recipe = setup.recipe();
        return setup.ranks().world().isRankZero()
                ? PretrainedWeights.begin(recipe.model(), new Network(setup.architecture(), recipe.seed()))
                : List.of();
    }

    /** The backend of the gradient all-reduce. Its process group is closed again at once. */
    private static String gradients(TrainingSetup setup) {
        try (ProcessGroup group = ProcessGroups.create(
                setup.ranks(), setup.recipe().dist(), setup.device().onGpu())) {
            return group.describe();
        }
    }

    /**
     * Verifies every size-th shard set: one rank reads all sets, of two ranks each reads one. Other
     * ranks see its heartbeat while they wait.
     */
    static int verify(TrainingSetup setup) {
        World world = setup.ranks().world();
        int set = 0;
        for (ShardSet shards : setup.data().all()) {
            if (set++ % world.size() == world.rank()) {
                shards.verify(records -> setup.ranks().status().enter(Activity.VERIFYING));
            }
        }
        return set;
    }

    /**
     * The resources that the launcher gave a rank.
     *
     * @param gpu identifies the GPU within its host; empty if the rank computes on the CPU
     * @param device readable description, such as {@code bf16 on GPU 0}
     * @param processors CPUs that the rank may use, in the kernel's notation
     * @param memoryMib free memory of its host, MiB
     */
    record RankPlace(
            String rank, String host, String gpu, String device, String processors, int threads, long memoryMib) {
        private static final String FIELD_END = "\t";

        /** The places of all ranks, in rank order; collective. */
        static List<RankPlace> gather(TrainingSetup setup) {
            Communicator ranks = setup.ranks();
            boolean onGpu = setup.device().onGpu();
            RankPlace own = new RankPlace(
                    ranks.world().describe(),
                    ranks.world().host(),
                    onGpu ? VisibleGpus.view() + " " + setup.device().index() : "",
                    setup.device().describe(),
                    Host.allowedProcessors(),
                    setup.plan().threads(),
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
                                    + " share one GPU: start one rank per GPU (Slurm: --ntasks-per-node and"
                                    + " --gpus-per-node with the same number)"));
            return warnings;
        }
    }
}
