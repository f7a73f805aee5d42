package yolompi.train.memory;

import java.nio.file.Path;
import java.util.List;
import yolompi.distributed.Communicator;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.LoadLibTorch;
import yolompi.train.setup.TrainingSetup;

/**
 * Finds the largest micro-batch with unlimited memory, then with the memory of twelve images, and
 * prints a line for each. It needs its own process, because memory freed by earlier steps would
 * hide the memory of a step.
 */
final class AutoBatchProgram {
    private AutoBatchProgram() {}

    public static void main(String[] args) {
        LoadLibTorch.now();
        Recipe recipe = RecipeFile.read(Path.of(args[0]), List.of());
        int batch = recipe.train().batch();
        try (Communicator alone = Communicator.join();
                TrainingSetup setup =
                        TrainingSetup.prepare(recipe, Path.of(args[0]).resolveSibling("run"), alone)) {
            MemoryMeter meter = MemoryMeter.of(setup.device());
            AutoBatch.Found free = auto(setup, meter, Long.MAX_VALUE / 4).find();
            tell("free", free);
            long size = recipe.data().size();
            long aheadAndCopy = (long) (1.2 * (4.0 * 2 * batch * 3 * size * size + 3 * 8.7e6 * 4));
            long usable = aheadAndCopy + (long) free.fit().bytes(12);
            tell("tight", auto(setup, meter, usable).find());
        }
    }

    private static AutoBatch auto(TrainingSetup setup, MemoryMeter meter, long usable) {
        int batch = setup.recipe().train().batch();
        return new AutoBatch(setup.plan(), setup.architecture(), setup.device(), meter, usable, batch);
    }

    private static void tell(String name, AutoBatch.Found found) {
        System.out.printf(
                "%s %d %d %.0f %b %b%n",
                name,
                found.images(),
                found.largest(),
                found.fit().imageBytes(),
                found.tried(),
                found.fit().bytes(found.images()) <= (double) found.usable());
    }
}
