/**
 * Training. Start with {@link yolompi.train.Trainer}, the loop: load, step, evaluate, save, stop.
 *
 * <p>{@link yolompi.train.TrainingSetup} holds everything that is known and checked before the
 * first step. {@link yolompi.train.TrainStep} is one step; gradients are all-reduced during
 * backward. {@code Optimizer}, {@code Schedule} and {@code Ema} update the weights.
 *
 * <p>Between steps: {@code Validation} evaluates, {@code StateSaver} saves, {@code Stopping} and
 * {@code EarlyStopping} decide when to end. {@code TrainingTensors} and {@code Resumption} restore
 * a checkpoint. {@link yolompi.train.Transfer} and {@code Freezing} fine-tune trained networks.
 * {@link yolompi.train.AutoBatch} fits the micro-batch into memory.
 *
 * <p>{@code RunReport} is the output of rank 0, {@code SampleTrace} the list of samples that each
 * rank has read. {@link yolompi.train.TrainedModel} is the result, ready to detect.
 */
package yolompi.train;
