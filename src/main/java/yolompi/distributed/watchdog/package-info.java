/**
 * Finds ranks that died, failed, hang or are stopped, prints one report, and ends the job. Read in
 * this order:
 *
 * <ol>
 *   <li>{@link yolompi.distributed.watchdog.RankStatus}: the training thread sets the
 *       {@link yolompi.distributed.watchdog.Activity} of its rank; a nested record is
 *       a snapshot of it.
 *   <li>{@link yolompi.distributed.watchdog.Watchdog}: a thread of each rank, which sends the
 *       snapshot as a heartbeat ({@code HeartbeatChannel}) to rank 0 and its deputy, the last rank.
 *   <li>{@code FailureDetector}: what these two ranks know of each rank ({@code PeerState}). It
 *       combines heartbeats with the state of processes on the same machine ({@code RankProcess}).
 *   <li>{@code FailureDiagnosis}: the rules that decide who is at fault, given the time-outs in
 *     {@link yolompi.distributed.watchdog.StallTimeouts}; {@code FailureReport} formats the report.
 *   <li>{@link yolompi.distributed.watchdog.JoinTimeout}: covers joining and leaving, when no
 *       watchdog runs.
 * </ol>
 *
 * <p>{@code FailureDetector} and {@code FailureDiagnosis} have no thread and no clock, so tests
 * simulate a job.
 */
package yolompi.distributed.watchdog;
