package yolompi.train;

import yolompi.recipe.EvalRecipe.Fitness;

/**
 * What an evaluation measured.
 *
 * @param map50 mAP at IoU 0.5, 0 to 1
 * @param map5095 mean of the mAPs at IoU 0.5 to 0.95, 0 to 1
 * @param loss of the validation images
 */
record Evaluation(double map50, double map5095, double loss) {
    /** By which the best checkpoint is chosen; the more, the better. */
    double fitness(Fitness by) {
        return switch (by) {
            case MAP50_95 -> map5095;
            case MAP50 -> map50;
            case LOSS -> Double.isNaN(loss) ? Double.NEGATIVE_INFINITY : -loss;
        };
    }

    /** What was measured, from the fitness that was made of it. */
    static double measure(Fitness by, double fitness) {
        return by == Fitness.LOSS ? -fitness : fitness;
    }
}
