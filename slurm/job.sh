#!/usr/bin/env bash
# Sourced by the job scripts: runs ranks, passes Slurm's warnings on to them, and puts a training that isn't done back into the queue.
set -euo pipefail

# What training exits with when it stopped early and saved its state.
readonly STOPPED=75
# What mpirun exits with when a node no longer answers.
readonly NODE_LOST=205

# What a process ends with that is told USR1 before it listens.
readonly TOLD_TOO_EARLY=138

cancelled=false warned=false

# run_ranks COMMAND ARGS…: on all tasks of the job; returns their status. Slurm warns by USR1 (--signal=B:USR1@…) or ends by TERM (scancel, time
# limit, preemption); either way training stops after its step and saves, in the time that is left. Both may come, and ranks that are told twice
# end at once: so only the first is passed on.
run_ranks() {
  local ranks status told=true
  "$YOLOMPI_HOME/mpi/run.sh" "$SLURM_NTASKS" "$@" &
  ranks=$!
  trap 'told=true; pass_on; warned=true' USR1
  trap 'told=true; pass_on; cancelled=true' TERM
  # A signal ends the wait, but not the ranks.
  while $told; do
    told=false status=0
    wait "$ranks" || status=$?
  done
  trap - USR1 TERM
  return "$status"
}

pass_on() {
  if ! $warned && ! $cancelled; then kill -USR1 "$ranks" 2>/dev/null || true; fi
}

# run_staged COMMAND ARGS…: run_ranks with YOLOMPI_STAGE, unless ARGS name a folder themselves.
run_staged() {
  local more=()
  if [[ -n $YOLOMPI_STAGE && " $* " != *" --stage"[=\ ]* ]]; then more=(--stage "$YOLOMPI_STAGE"); fi
  run_ranks "$@" "${more[@]}"
}

# train_or_requeue ARGS…: trains; begun before by this job, it goes on where that stopped. Returns when training has reached its end; else the
# job ends here.
train_or_requeue() {
  local status=0 more=()
  if ((${SLURM_RESTART_COUNT:-0} > 0)) && [[ " $* " != *" --resume "* ]]; then more=(--resume); fi
  run_staged train "$@" "${more[@]}" || status=$?
  if ((status == 0)); then return; fi
  if ! $cancelled; then
    if ((status == STOPPED)); then
      requeue "training stopped before its end and saved its state"
    elif $warned && ((status == TOLD_TOO_EARLY)); then
      requeue "it was warned before training had begun"
    elif ((status == NODE_LOST)) || ! all_nodes_answer; then
      requeue "a node was lost"
    fi
  fi
  exit "$status"
}

# Ranks often notice a lost node before mpirun does, and then end with an ordinary failure; so the nodes are asked.
all_nodes_answer() {
  timeout 60 srun --overlap --nodes="$SLURM_JOB_NUM_NODES" --ntasks="$SLURM_JOB_NUM_NODES" --ntasks-per-node=1 true >/dev/null 2>&1
}

# requeue WHY: the job begins anew, with the same id, when there is room for it.
requeue() {
  local restarts=${SLURM_RESTART_COUNT:-0} job=$SLURM_JOB_ID
  # The last task of an array has the array's id for its own, which means all tasks to Slurm.
  if [[ -n ${SLURM_ARRAY_JOB_ID:-} ]]; then job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID; fi
  if ((restarts >= YOLOMPI_MAX_RESTARTS)); then
    echo "job $job: $1; not requeued, after $restarts restarts already (YOLOMPI_MAX_RESTARTS)" >&2
    return
  fi
  echo "job $job: $1; back into the queue, to go on where it stopped (restart $((restarts + 1)))"
  scontrol requeue "$job" ||
    echo "job $job: could not be requeued; go on by the same sbatch command with --resume at its end" >&2
}
