package yolompi.recipe;

/**
 * All that decides a training run: the schema of the TOML recipe. Each part is a table of the file; defaults, with a reason for each, are
 * in the resource {@code defaults.toml}. Every record checks its values when it is made.
 *
 * @param seed source of all random numbers: initial weights, sample order, augmentation
 */
public record Recipe(
        long seed,
        ModelRecipe model,
        DataRecipe data,
        AugmentRecipe augment,
        LossRecipe loss,
        OptimizerRecipe optimizer,
        ScheduleRecipe schedule,
        TrainRecipe train,
        EvalRecipe eval,
        CheckpointRecipe checkpoint,
        ReportRecipe report,
        DistRecipe dist) {}
