package yolompi.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.Backends;
import yolompi.distributed.collective.TensorGroup;
import yolompi.distributed.watchdog.Activity;
import yolompi.distributed.world.SlurmJob;
import yolompi.distributed.world.World;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.torch.Compute;
import yolompi.train.memory.ImageHeap;
import yolompi.train.setup.TrainingSetup;
import yolompi.weights.Transfer;

@Command(
        name = "check",
        description = "Checks everything that can be checked before the first step: recipe, shards and their checksums,"
                + " ranks, devices, memory and model. Trains nothing.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private RecipeArguments arguments;

    @Mixin
    private AutoBatchOption autoBatch;

    @Override
    public Integer call() throws Exception {
        return Ranked.run(this::check);
    }

    private void check(Communicator ranks) {
        Recipe recipe = Agreement.on(ranks, arguments::read);
        ranks.bearWith(recipe.dist());
        try (TrainingSetup prepared = TrainingSetup.prepare(recipe, Path.of("runs"), ranks)) {
            Compute.useThreads(prepared.threads());
            List<String> found = new ArrayList<>();
            TrainingSetup setup = autoBatch.apply(prepared, found::addAll);
            Agreement.on(ranks, () -> MemoryLine.of(ImageHeap.checked(setup)).require());
            found.addAll(Agreement.on(ranks, () -> weights(setup)));
            String gradients = gradients(setup);
            List<RankPlace> places = RankPlace.gather(setup);
            Agreement.on(ranks, () -> verify(setup));
            if (ranks.world().isFirst()) {
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
        return setup.ranks().world().isFirst()
                ? Transfer.begin(recipe.model(), new Network(setup.architecture(), recipe.seed()))
                : List.of();
    }

    /** The backend of the gradient all-reduce. Its process group is closed again at once. */
    private static String gradients(TrainingSetup setup) {
        try (TensorGroup group = Backends.meet(
                setup.ranks(), setup.recipe().dist(), setup.compute().onGpu())) {
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
}
