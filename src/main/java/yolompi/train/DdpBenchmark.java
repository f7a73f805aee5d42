package yolompi.train;

import java.util.List;
import java.util.Optional;
import yolompi.InputException;
import yolompi.data.Augmenter;
import yolompi.data.Batch;
import yolompi.data.BatchLoader;
import yolompi.data.StepRange;
import yolompi.dist.Agreement;
import yolompi.dist.Backends;
import yolompi.dist.Communicator;
import yolompi.dist.TensorGroup;
import yolompi.dist.World;
import yolompi.model.Network;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;

/**
 * What it costs that ranks train together: the speed of their common steps beside that of the same ranks side by side, each with a training
 * of its own. Both run in turn, block by block, on the same ready images, so that a machine whose speed drifts drifts for both.
 */
public final class DdpBenchmark {
    private static final int WARM_UP_STEPS = 3;

    private final TrainingSetup setup;
    private final int blocks;
    private final int stepsPerBlock;

    /**
     * What was measured.
     *
     * @param backend what carries the gradients
     * @param computeMillis a common step without waiting, mean over ranks
     * @param exposedMillis what a rank waits in a common step for gradients when its own backward is done, mean over ranks
     * @param jointImagesPerSecond of all ranks in common steps
     * @param separateImagesPerSecond of all ranks side by side
     */
    public record Result(
            String backend,
            double computeMillis,
            double exposedMillis,
            double jointImagesPerSecond,
            double separateImagesPerSecond) {
        /** Speed of common training as a part of that without any communication. */
        public double ratio() {
            return jointImagesPerSecond / separateImagesPerSecond;
        }
    }

    /** What one rank trains: together with the others, or alone. */
    private record Run(TrainStep step, List<Batch> batches) {
        void steps(int count) {
            for (int i = 0; i < count; i++) {
                step.run(batches, 1e-5);
            }
        }
    }

    public DdpBenchmark(TrainingSetup setup, int blocks, int stepsPerBlock) {
        this.setup = setup;
        this.blocks = blocks;
        this.stepsPerBlock = stepsPerBlock;
    }

    /** Runs it; collective. */
    public Result run() {
        Recipe recipe = setup.recipe();
        Communicator ranks = setup.ranks();
        checkRanks(ranks.world(), recipe.train().batch());
        int share = recipe.train().batch() / ranks.world().size();
        Recipe ownRecipe = RecipeFile.parse("bench", RecipeFile.toToml(recipe), List.of("train.batch=" + share));
        List<Batch> batches = firstStep();
        Network alone = new Network(setup.architecture(), recipe.seed(), setup.compute(), Optional.empty());
        try (Communicator self = Communicator.alone();
                TensorGroup none =
                        Backends.meet(self, recipe.dist(), setup.compute().onGpu());
                TensorGroup group =
                        Backends.meet(ranks, recipe.dist(), setup.compute().onGpu());
                TrainStep separate = new TrainStep(alone, ownRecipe, self, none, setup.compute());
                TrainStep joint = new TrainStep(setup.network(group), recipe, ranks, group, setup.compute())) {
            return measure(group.describe(), new Run(joint, batches), new Run(separate, batches));
        }
    }

    private void checkRanks(World world, int batch) {
        Agreement.on(setup.ranks(), () -> {
            if (world.size() == 1 || batch % world.size() != 0) {
                throw new InputException(
                        "bench ddp: found %d ranks and train.batch = %d; expected at least two ranks and a batch that they divide, such as: mpi/run.sh 2 bench ddp RECIPE"
                                .formatted(world.size(), batch));
            }
            return world;
        });
    }

    private List<Batch> firstStep() {
        Recipe recipe = setup.recipe();
        StepRange steps = StepRange.of(setup.plan(), 0, 1, setup.share());
        try (BatchLoader loader = BatchLoader.start(
                setup.data().train(), new Augmenter(recipe.augment(), recipe.seed()), steps, setup.loading())) {
            return loader.next().batches();
        }
    }

    private Result measure(String backend, Run joint, Run separate) {
        Communicator ranks = setup.ranks();
        joint.steps(WARM_UP_STEPS);
        separate.steps(WARM_UP_STEPS);
        long exposedBefore = joint.step().exposedNanos();
        long jointNanos = 0;
        long separateNanos = 0;
        for (int block = 0; block < blocks; block++) {
            jointNanos += timed(joint);
            separateNanos += timed(separate);
        }
        double steps = (double) blocks * stepsPerBlock;
        double exposedNanos = joint.step().exposedNanos() - exposedBefore;
        int batch = setup.recipe().train().batch();
        int size = ranks.world().size();
        double[] sums = ranks.sum(
                1e9 * steps * batch / size / jointNanos,
                1e9 * steps * batch / size / separateNanos,
                jointNanos / steps / 1e6,
                exposedNanos / steps / 1e6);
        double exposed = sums[3] / size;
        return new Result(backend, sums[2] / size - exposed, exposed, sums[0], sums[1]);
    }

    /** All ranks begin together. */
    private long timed(Run run) {
        setup.ranks().any(false);
        long begin = System.nanoTime();
        run.steps(stepsPerBlock);
        return System.nanoTime() - begin;
    }
}
