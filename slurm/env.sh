#!/usr/bin/env bash
# The one place for what your cluster calls things. Every job script sources it; edit it once.
set -euo pipefail

# ---- modules: Java 17, and an Open MPI whose ompi_info says "Java bindings: yes" ----
# module load Java/17 OpenMPI
# export JAVA_HOME=/path/to/jdk-17

# ---- where the program lies: this checkout, or an unpacked bundle (mpi/bundle/bundle.sh) ----
export YOLOMPI_HOME=${YOLOMPI_HOME:-$SLURM_SUBMIT_DIR}

# ---- what starts the ranks: mpirun, or srun where your Slurm speaks PMIx ("srun --mpi=list" names pmix) ----
export YOLOMPI_LAUNCHER=${YOLOMPI_LAUNCHER:-mpirun}

# ---- a folder on each node's own disk, for copies of the shards; empty: ranks read them where they lie ----
# Worth it where many epochs read from a busy file system. Many clusters make one for each job and call it $SLURM_TMPDIR or $TMPDIR:
# export YOLOMPI_STAGE=${YOLOMPI_STAGE:-${SLURM_TMPDIR:-}}
export YOLOMPI_STAGE=${YOLOMPI_STAGE:-}

# ---- how often a job may go back into the queue by itself: after a time limit, a preemption, a lost node ----
export YOLOMPI_MAX_RESTARTS=${YOLOMPI_MAX_RESTARTS:-100}
