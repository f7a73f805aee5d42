package yolompi.report.console;

/**
 * Progress of the training after a step.
 *
 * @param epoch from 1
 * @param step finished steps since the start of training
 * @param loss the sum of the three terms
 * @param learningRate of this step
 * @param imagesPerSecond all ranks together
 * @param dataWait fraction of the step time spent waiting for images, 0 to 1
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
