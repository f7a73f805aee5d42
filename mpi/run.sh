#!/usr/bin/env bash
# Starts ranks on this machine or on the nodes of a Slurm job, with the right settings for training.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/run.sh NP COMMAND [ARGS…]

Starts NP ranks of the program on this machine, or on the nodes of a Slurm job.
A plain "mpirun -np NP java -jar target/yolo-mpi.jar COMMAND [ARGS…]" runs the same job with fewer settings.

arguments:
  NP            number of ranks
  COMMAND ARGS  what each rank runs; "mpi/run.sh 1 --help" lists the commands

options:
  -h, --help    print this text

environment:
  YOLOMPI_LAUNCHER     mpirun (default), or srun in a Slurm job: start ranks with srun --mpi=pmix
  YOLOMPI_MPIRUN_ARGS  more arguments for mpirun, such as '--hostfile hosts'
  YOLOMPI_SRUN_ARGS    more arguments for srun
  YOLOMPI_JAVA_ARGS    more arguments for java, such as '-Xmx4g'

example:
  mpi/run.sh 2 train src/recipes/shapes-tiny.toml
END
}

usage_error() { echo "run.sh: $*; see mpi/run.sh --help" >&2 && exit 2; }
fail() { echo "run.sh: $*" >&2 && exit 1; }

if [[ ${1:-} == -h || ${1:-} == --help ]]; then usage && exit; fi
[[ ${1:-} =~ ^[1-9][0-9]*$ ]] || usage_error "NP: found '${1:-}', expected a number of ranks"
(($# >= 2)) || usage_error "found no COMMAND after NP"
ranks=$1 && shift
# A signal that arrives before the ranks start is passed on after their start.
early=false
trap 'early=true' TERM USR1
home=$(realpath "$(dirname "$0")/..")
# shellcheck source=/dev/null
if [[ -r $home/env.sh ]]; then source "$home/env.sh"; fi # a bundle has its own Java and Open MPI
jar=$home/target/yolo-mpi.jar
[[ -r $jar ]] || fail "found no $jar; build it: mvn -B -DskipTests package"

launcher=${YOLOMPI_LAUNCHER:-mpirun}
if [[ $launcher != mpirun && $launcher != srun ]]; then
  usage_error "YOLOMPI_LAUNCHER: found '$launcher', expected mpirun or srun"
fi
command -v mpirun >/dev/null ||
  fail "found no mpirun on the PATH; run mpi/setup.sh, or load your cluster's Open MPI (module load …)"
if [[ $launcher == srun && -z ${SLURM_JOB_ID:-} ]]; then
  usage_error "YOLOMPI_LAUNCHER=srun needs a Slurm job (sbatch, salloc); unset it here"
fi

# ---- this node's share of the job ----

nodes=${SLURM_JOB_NUM_NODES:-1}
ranks_here=$(((ranks + nodes - 1) / nodes))
# Physical cores that this process may use; hyperthreads do not count.
allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
cores=$(lscpu -p=CPU,CORE,SOCKET | awk -F, -v allowed="$allowed" '
  BEGIN {
    n = split(allowed, ranges, ",")
    for (i = 1; i <= n; i++) {
      m = split(ranges[i], ends, "-")
      for (cpu = ends[1] + 0; cpu <= ends[m] + 0; cpu++) usable[cpu]
    }
  }
  !/^#/ && ($1 in usable) && !seen[$2, $3]++ { cores++ }
  END { print cores + 0 }')
if ((cores == 0)); then cores=1; fi
numa_nodes=$(lscpu -p=NODE | grep -v '^#' | sort -u | wc -l)
threads=$((cores / ranks_here > 0 ? cores / ranks_here : 1))

# Slurm's CPUs per task are the rank's share. They may be hyperthreads, but a rank is bound to
# physical cores.
if [[ ${SLURM_CPUS_PER_TASK:-} =~ ^[1-9][0-9]*$ ]]; then threads=$SLURM_CPUS_PER_TASK; fi
cores_each=$((cores / ranks_here < threads ? cores / ranks_here : threads))

# ---- the launcher ----

if [[ $launcher == mpirun ]]; then
  launch=(mpirun -np "$ranks")
  # scancel and preemption send TERM to every process of a job. Ranks take it as a warning and save.
  # mpirun and its orted on the other nodes would kill the ranks within two seconds, so TERM is
  # blocked in both. They start each rank with a clean signal mask.
  if [[ -n ${SLURM_JOB_ID:-} ]] && env --block-signal=TERM true 2>/dev/null; then
    launch=(env --block-signal=TERM "${launch[@]}")
    export OMPI_MCA_orte_launch_agent=${OMPI_MCA_orte_launch_agent:-env --block-signal=TERM orted}
  fi
  # mpirun refuses to run as root, to protect shared machines. In a container root is the only user.
  if ((EUID == 0)); then launch+=(--allow-run-as-root); fi
  # mpirun also refuses more ranks than cores, because they are slow. Tests and first steps need them.
  if ((ranks_here > cores)); then launch+=(--oversubscribe); fi
  # By default mpirun binds each of one or two ranks, with all threads of its JVM, to a single core.
  if ((cores_each > 0)) && [[ -n ${SLURM_CPUS_PER_TASK:-} ]]; then
    # Each rank gets the cores that the job asked for, and shares none of them.
    launch+=(--map-by "slot:PE=$cores_each" --bind-to core)
  elif ((numa_nodes > 1 && ranks_here > 1 && ranks_here <= cores)); then
    # Threads stay in the NUMA node of their memory; within it the kernel places them.
    launch+=(--map-by numa --bind-to numa)
  else
    launch+=(--bind-to none)
  fi
  # MPI carries only metadata. The alternative, UCX, handles SIGSEGV, which the JVM needs.
  launch+=(--mca pml ob1 --mca btl "self,vader,tcp")
  # Ranks on one machine need no ssh, but without ssh mpirun refuses to start.
  if [[ -z ${SLURM_JOB_ID:-} ]] && ! command -v ssh >/dev/null && ! command -v rsh >/dev/null; then
    launch+=(--mca plm isolated)
  fi
  read -ra more_launch <<<"${YOLOMPI_MPIRUN_ARGS:-}"
else
  launch=(srun --mpi=pmix --ntasks="$ranks" --cpu-bind=cores)
  # srun chooses a placement of its own unless these are set. Since Slurm 22.05 it does not take
  # --cpus-per-task from the job.
  if [[ -n ${SLURM_NTASKS_PER_NODE:-} ]]; then launch+=(--ntasks-per-node="$SLURM_NTASKS_PER_NODE"); fi
  if [[ -n ${SLURM_CPUS_PER_TASK:-} ]]; then launch+=(--cpus-per-task="$SLURM_CPUS_PER_TASK"); fi
  # A lost rank ends the others by itself. This time-out is for a rank that ends before it joins them.
  launch+=(--wait=60)
  export OMPI_MCA_pml=${OMPI_MCA_pml:-ob1} OMPI_MCA_btl=${OMPI_MCA_btl:-self,vader,tcp}
  read -ra more_launch <<<"${YOLOMPI_SRUN_ARGS:-}"
fi

# ---- the ranks' environment ----

# env before java works with every launcher. It also hides java from mpirun, which takes any argument
# of java with the letters cp, such as -Dorg.bytedeco.javacpp…, for -cp, and appends its own jar to the
# argument after it.
rank=(env)
# Compute threads of a rank: its share of the cores. LibTorch's thread pool reads this when it loads.
rank+=(OMP_NUM_THREADS="${OMP_NUM_THREADS:-$threads}")
# Threads spin while they wait for each other, which is very slow if another program uses one of the
# cores. With a low count they soon sleep instead.
rank+=(GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-10000}")
# No signal handlers of UCX, if it is loaded nevertheless.
rank+=(UCX_ERROR_SIGNALS=)
# No signal handlers of Omni-Path's PSM2 either.
rank+=(HFI_NO_BACKTRACE=1)
# glibc returns the large tensors of a step to the kernel each time. tcmalloc keeps them, which is up to
# 1.3 times faster. LD_PRELOAD cannot hold a path with a space or colon: such a library is skipped.
tcmalloc=$(find "$home/lib" /usr/lib /usr/lib64 -name 'libtcmalloc_minimal.so.4' ! -path '*[[:space:]:]*' \
  -print -quit 2>/dev/null || true)
if [[ -n $tcmalloc ]]; then
  rank+=(LD_PRELOAD="$tcmalloc${LD_PRELOAD:+:$LD_PRELOAD}")
  # tcmalloc reports each allocation over 1 GiB by default; these are expected.
  rank+=(TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD=1099511627776)
fi
# Open MPI's own Java library may be outside the folders that the linker searches.
mpi_libraries=$(dirname "$(dirname "$(realpath "$(command -v mpirun)")")")/lib
if [[ -e $mpi_libraries/libmpi_java.so ]]; then
  export LD_LIBRARY_PATH=$mpi_libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
fi
# NVIDIA's libraries, from mpi/gpu/nvidia.sh.
nvidia=$(cat "$home/target/nvidia-libraries" 2>/dev/null || true)
if [[ -n $nvidia ]]; then export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$nvidia; fi
# Remote ranks get this shell's library path and its settings of Gloo, NCCL and CUDA. The program sets
# what a job needs and nobody set here: see NcclBackend. In a job, Slurm decides on each node which GPUs
# a rank sees.
inherited='^(LD_LIBRARY_PATH|GLOO_.*|NCCL_.*|TORCH_NCCL_.*|TORCH_FR_.*|CUDA_.*)$'
while IFS= read -r name; do
  if [[ -z ${SLURM_JOB_ID:-} || $name != CUDA_VISIBLE_DEVICES ]]; then rank+=("$name=${!name}"); fi
done < <(compgen -e | grep -E "$inherited" || true)

# ---- java ----

# In the C locale of many containers and batch nodes Java cannot open files with non-ASCII names.
if [[ ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} =~ ^(C|POSIX)$ ]]; then rank+=(LC_ALL=C.UTF-8); fi

java=("${JAVA_HOME:+$JAVA_HOME/bin/}java")
# The JVM's own threads (collector, compiler, pools) also get the rank's share, not all cores.
java+=(-XX:ActiveProcessorCount="$threads")
# Pixel arrays take megabytes: G1 would treat each as "humongous".
java+=(-XX:+UseParallelGC)
# All heaps of a node together take at most half of its memory: tensors are outside the heap.
java+=(-XX:MaxRAMPercentage=$((ranks_here > 2 ? 50 / ranks_here + 1 : 25)))
# JavaCPP unpacks LibTorch (400 MB) once. In a Slurm job it uses the node's own disk, not the shared home.
if [[ -n ${SLURM_JOB_ID:-} ]]; then
  java+=(-Dorg.bytedeco.javacpp.cachedir="${SLURM_TMPDIR:-/tmp}/$(id -un)-javacpp")
fi

read -ra more_java <<<"${YOLOMPI_JAVA_ARGS:-}"
"${launch[@]}" "${more_launch[@]}" "${rank[@]}" "${java[@]}" "${more_java[@]}" -jar "$jar" "$@" <&0 &
job=$!

# ---- signals ----

# After TERM, mpirun waits a second, passes TERM on, kills the ranks another second later, and exits
# with 1: too short for a save. (--mca odls_base_sigkill_timeout sets both waits, but then each failure
# of a rank takes them, too.) mpirun passes USR1 on at once and without a limit: training stops after its
# step, saves, and all ranks exit with 75. srun kills ranks at once after TERM, and also passes USR1 on.
#
# A second signal ends the ranks at once: on a terminal that is intended. In a job the second signal
# is TERM, which Slurm also sends to this script when the time after its warning is up. It is not passed
# on: until KILL, the ranks may still save.
passed_on=false
# shellcheck disable=SC2317 # called by a trap
pass_on() {
  if ! $passed_on || [[ -z ${SLURM_JOB_ID:-} ]]; then
    passed_on=true
    kill -USR1 "$job" 2>/dev/null || true
  fi
}
trap 'told=true; pass_on' TERM USR1
if $early; then kill -USR1 $$; fi
# A terminal sends Ctrl-C to mpirun, too. This script ends when mpirun does.
trap 'told=true' INT
told=true
# A signal ends the wait, but not the job.
while $told; do
  told=false status=0
  wait "$job" || status=$?
done
exit "$status"
