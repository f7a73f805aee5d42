package yolompi.train.stop;

import yolompi.recipe.EvalRecipe.Fitness;

/**
 * Results of an evaluation.
 *
 * @param map50 mAP at IoU 0.5, 0 to 1
 * @param map5095 mean mAP over IoU 0.5 to 0.95, 0 to 1
 * @param loss mean loss of the validation images
 */
public record Evaluation(double map50, double map5095, double loss) {
    /** Value that selects the best checkpoint; higher is better. */
    public double fitness(Fitness by) {
        return switch (by) {
            case MAP50_95 -> map5095;
            case MAP50 -> map50;
            case LOSS -> Double.isNaN(loss) ? Double.NEGATIVE_INFINITY : -loss;
        };
    }

    /** Converts a fitness back to the measured value. */
    static double measure(Fitness by, double fitness) {
        return by == Fitness.LOSS ? -fitness : fitness;
    }
}
