#!/usr/bin/env bash
# Functions of the job scripts, sourced by prologue.sh: run ranks, pass on Slurm's warnings, requeue.
set -euo pipefail

# Exit status of a training that stopped before its end and saved its state.
readonly STOPPED=75
# Exit status of mpirun when a node does not respond.
readonly NODE_LOST=205
# Exit status of a process that gets USR1 before it handles signals.
readonly TOLD_TOO_EARLY=138

canceled=false warned=false

# run_ranks COMMAND ARGS…: runs ranks on all tasks of the job; returns their status.
# Slurm warns with USR1 (--signal=B:USR1@…) or ends the job with TERM (scancel, time limit, preemption).
# After either, training stops after its step and saves in the remaining time. Both signals may come, and
# a second one would end the ranks at once: only the first is passed on.
run_ranks() {
  local ranks status told=true
  "$YOLOMPI_HOME/mpi/run.sh" "$SLURM_NTASKS" "$@" &
  ranks=$!
  trap 'told=true; pass_on; warned=true' USR1
  trap 'told=true; pass_on; canceled=true' TERM
  # A signal ends the wait, but not the ranks.
  while $told; do
    told=false status=0
    wait "$ranks" || status=$?
  done
  trap - USR1 TERM
  return "$status"
}

pass_on() {
  if ! $warned && ! $canceled; then kill -USR1 "$ranks" 2>/dev/null || true; fi
}

# run_staged COMMAND ARGS…: run_ranks with --stage YOLOMPI_STAGE, unless ARGS have a --stage.
run_staged() {
  local more=()
  if [[ -n $YOLOMPI_STAGE && " $* " != *" --stage"[=\ ]* ]]; then more=(--stage "$YOLOMPI_STAGE"); fi
  run_ranks "$@" "${more[@]}"
}

# run_alone COMMAND ARGS…: runs the program in one process, without a launcher.
run_alone() {
  # shellcheck source=/dev/null
  if [[ -r $YOLOMPI_HOME/env.sh ]]; then source "$YOLOMPI_HOME/env.sh"; fi # a bundle has its own Java
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -jar "$YOLOMPI_HOME/target/yolo-mpi.jar" "$@"
}

# train_or_requeue ARGS…: trains; after a requeue it resumes. Returns after the end of training, otherwise
# ends the job.
train_or_requeue() {
  local status=0 more=()
  if ((${SLURM_RESTART_COUNT:-0} > 0)) && [[ " $* " != *" --resume "* ]]; then more=(--resume); fi
  run_staged train "$@" "${more[@]}" || status=$?
  if ((status == 0)); then return; fi
  if ! $canceled; then
    if ((status == STOPPED)); then
      requeue "training stopped before its end and saved its state"
    elif $warned && ((status == TOLD_TOO_EARLY)); then
      requeue "the warning came before training started"
    elif ((status == NODE_LOST)) || ! all_nodes_respond; then
      requeue "a node was lost"
    fi
  fi
  exit "$status"
}

# train_campaign_run CAMPAIGN: trains the run with the number of this array task, and marks it finished.
train_campaign_run() {
  local run
  run=$(printf %04d "${SLURM_ARRAY_TASK_ID:?no task of a job array; submit this script with slurm/campaign}")
  # Ends the job if training was stopped.
  train_or_requeue "$1/recipes/$run.toml" --run-dir "$1/$run" --resume
  : >"$1/$run/finished"
}

# Ranks often notice a lost node before mpirun does, and then end with an ordinary failure.
all_nodes_respond() {
  timeout 60 srun --overlap --nodes="$SLURM_JOB_NUM_NODES" --ntasks="$SLURM_JOB_NUM_NODES" --ntasks-per-node=1 \
    true >/dev/null 2>&1
}

# requeue WHY: queues the job again with the same id.
requeue() {
  local restarts=${SLURM_RESTART_COUNT:-0} job=$SLURM_JOB_ID
  # The last task of an array has the array's own id, which Slurm takes for all tasks.
  if [[ -n ${SLURM_ARRAY_JOB_ID:-} ]]; then job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID; fi
  if ((restarts >= YOLOMPI_MAX_RESTARTS)); then
    echo "job $job: $1; not requeued, because it was restarted $restarts times (YOLOMPI_MAX_RESTARTS)" >&2
    return
  fi
  echo "job $job: $1; requeued, will resume where it stopped (restart $((restarts + 1)))"
  scontrol requeue "$job" ||
    echo "job $job: could not be requeued; to resume, repeat the sbatch command with --resume at its end" >&2
}
