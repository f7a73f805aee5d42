/**
 * The training loop and what happens between two steps. Every rank runs the same code.
 *
 * <p>Start with {@link Trainer}: load, step, log, save, validate, stop. Each collaborator knows
 * itself whether it is due. Then read, in this order:
 *
 * <ol>
 *   <li>{@link CheckpointScheduler} saves checkpoints, at once or in the background;
 *     {@link CheckpointRestorer} restores the newest valid one on any number of ranks.
 *   <li>{@link Validation} evaluates over all ranks; {@link yolompi.train.stop.EarlyStopping} ends
 *     the training if the result no longer improves.
 *   <li>{@link yolompi.train.stop.Stopping} agrees with all ranks to stop early, because of a
 *     {@link yolompi.train.stop.StopSignal} or the time limit.
 *   <li>{@link yolompi.train.step.NonFiniteGuard} ends the training after too many steps with
 *     non-finite values.
 * </ol>
 *
 * <p>Before the loop comes {@code train.setup}, inside it {@code train.step}, and its output is in
 * {@code train.log}.
 */
package yolompi.train;
