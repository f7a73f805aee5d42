#!/usr/bin/env bash
# Settings of your cluster; edit them once. Every job script sources this file.
set -euo pipefail

# ---- modules: Java 17, and an Open MPI whose ompi_info prints "Java bindings: yes" ----
# module load Java/17 OpenMPI
# export JAVA_HOME=/path/to/jdk-17

# ---- folder of the program: this checkout, or an unpacked bundle (mpi/bundle/bundle.sh) ----
export YOLOMPI_HOME=${YOLOMPI_HOME:-$SLURM_SUBMIT_DIR}

# ---- launcher: mpirun, or srun if your Slurm supports PMIx ("srun --mpi=list" lists pmix) ----
export YOLOMPI_LAUNCHER=${YOLOMPI_LAUNCHER:-mpirun}

# ---- folder on each node's own disk for copies of the shards; empty: ranks read the shards in place ----
# Useful for many epochs from a busy file system.
# Many clusters make such a folder for each job, $SLURM_TMPDIR or $TMPDIR:
# export YOLOMPI_STAGE=${YOLOMPI_STAGE:-${SLURM_TMPDIR:-}}
export YOLOMPI_STAGE=${YOLOMPI_STAGE:-}

# ---- how often a job may requeue itself: after a time limit, a preemption, a lost node ----
export YOLOMPI_MAX_RESTARTS=${YOLOMPI_MAX_RESTARTS:-100}
