package yolompi.recipe;

/**
 * All settings of a training run; the schema of the TOML recipe. Each component is a table of the
 * file. The resource {@code defaults.toml} has a default and a reason for every key. Every record
 * validates its values in its constructor.
 *
 * @param seed seed of all random numbers: initial weights, sample order, augmentation
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
