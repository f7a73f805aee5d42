/**
 * Decides when a training ends. Read {@link yolompi.train.stop.Stopping} first: after each step it
 * decides for all ranks together.
 *
 * <p>{@link yolompi.train.stop.StopSignal} receives signals, {@link yolompi.train.stop.StopRules}
 * has the options, {@code StepTimes} estimates whether another step still fits, and
 * {@link yolompi.train.stop.EarlyStopping} ends a training whose evaluations no longer improve.
 */
package yolompi.train.stop;
