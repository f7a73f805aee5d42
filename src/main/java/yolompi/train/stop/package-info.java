/**
 * Decides when a training ends. Read {@link yolompi.train.stop.Stopping} first: after each step it
 * decides for all ranks together, from signals ({@link yolompi.train.stop.StopSignal}) and the time
 * left.
 *
 * <p>{@link yolompi.train.stop.EarlyStopping} ends a training whose evaluations no longer improve.
 */
package yolompi.train.stop;
