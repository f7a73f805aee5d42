/**
 * Training. {@link yolompi.train.TrainingSetup} is all that is known and checked before the first step;
 * {@link yolompi.train.Trainer} is the loop (load, step, evaluate, save, stop); {@link yolompi.train.TrainStep} is one step, with the ranks'
 * gradients summed during backward. Then {@code Optimizer}, {@code Schedule} and {@code Ema}; {@code TrainingTensors} and
 * {@code Resumption} for what a checkpoint brings back; {@link yolompi.train.Transfer} and {@code Freezing} for networks that are trained
 * already, {@code EarlyStopping} for those that get no better; {@link yolompi.train.AutoBatch} for what fits into memory;
 * {@code Validation}, {@code StateSaver} and {@code Stopping} for what comes between
 * two steps; {@code RunReport} for what rank 0 tells and {@code SampleTrace} for what each rank has read.
 * {@link yolompi.train.TrainedModel} is the outcome, ready to detect.
 */
package yolompi.train;
