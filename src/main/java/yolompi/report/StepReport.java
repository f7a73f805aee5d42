package yolompi.report;

/**
 * Where training stands after a step.
 *
 * @param epoch from 1
 * @param step finished steps since the start of training
 * @param loss the sum of the three terms
 * @param learningRate of this step
 * @param imagesPerSecond of all ranks together
 * @param dataWait share of the time in which the step waited for its images, 0 to 1
 */
public record StepReport(
        int epoch,
        long step,
        double loss,
        double lossBox,
        double lossObject,
        double lossClass,
        double learningRate,
        double imagesPerSecond,
        double dataWait) {}
