package yolompi.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.dist.Backends;
import yolompi.dist.Communicator;
import yolompi.dist.TensorGroup;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.RecipeFile;
import yolompi.report.RankTime;
import yolompi.torch.NativeLibraries;

/** Ranks that take steps together, of which rank 1's take longest, and who meet by numbers or by tensors (as synchronised batch norm does); every rank prints all ranks' times, and who is slow. */
final class StragglerProgram {
    private static final int STEPS = 20;
    private static final int MILLIS = 10;

    private StragglerProgram() {}

    public static void main(String[] args) throws InterruptedException {
        NativeLibraries.load(torch.class);
        boolean byTensors = args[0].equals("tensors");
        DistRecipe recipe = RecipeFile.parse("test", "", List.of()).dist();
        try (Communicator ranks = Communicator.join();
                TensorGroup group = Backends.meet(ranks, recipe, false)) {
            Tensor one = torch.ones(1);
            RankTimes times = new RankTimes(ranks, 100);
            for (int step = 0; step < STEPS; step++) {
                Thread.sleep(ranks.world().rank() == 1 ? 5 * MILLIS : MILLIS);
                if (byTensors) {
                    group.sum(one).await();
                } else {
                    ranks.sum(1);
                }
            }
            long images = 1_000_000L * ranks.world().rank() * STEPS;
            List<RankTime> found = times.gather(
                    new RankTimes.Spent(100 + STEPS, images, ranks.status().waitedNanos()));
            found.forEach(System.out::println);
            new Stragglers(1.5).newlyFoundIn(found).forEach(System.out::println);
        }
    }
}
