#!/usr/bin/env bash
# Launches ranks on this machine, or on the nodes of a Slurm allocation, with the settings that training wants.
#
#   mpi/run.sh NP COMMAND ARGS…        for example: mpi/run.sh 2 train src/recipes/shapes-tiny.toml
#
# A plain `mpirun -np NP java -jar target/yolo-mpi.jar COMMAND ARGS…` runs the same job, with fewer of these settings.
# In a Slurm job, YOLOMPI_LAUNCHER=srun starts the ranks by srun --mpi=pmix instead of mpirun.
# More for the launcher itself: YOLOMPI_MPIRUN_ARGS='--hostfile hosts' or YOLOMPI_SRUN_ARGS; for java: YOLOMPI_JAVA_ARGS='-Xmx4g'.
set -euo pipefail

if (($# < 2)) || ! [[ $1 =~ ^[1-9][0-9]*$ ]]; then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
fi
ranks=$1 && shift
# A signal that comes before the ranks are started is passed on when they are.
early=false
trap 'early=true' TERM USR1
home=$(realpath "$(dirname "$0")/..")
# shellcheck source=/dev/null
if [[ -r $home/env.sh ]]; then source "$home/env.sh"; fi # in a bundle: its own Java and Open MPI
jar=$home/target/yolo-mpi.jar
if [[ ! -r $jar ]]; then
  echo "run.sh: $jar is not there: build it with: mvn -B -DskipTests package" >&2
  exit 1
fi

launcher=${YOLOMPI_LAUNCHER:-mpirun}
if [[ $launcher != mpirun && $launcher != srun ]]; then
  echo "run.sh: YOLOMPI_LAUNCHER=$launcher: expected mpirun or srun" >&2
  exit 2
fi
if ! command -v mpirun >/dev/null; then
  echo "run.sh: no mpirun on the PATH: run mpi/setup.sh, or load your cluster's Open MPI (module load …)" >&2
  exit 1
fi
if [[ $launcher == srun && -z ${SLURM_JOB_ID:-} ]]; then
  echo "run.sh: YOLOMPI_LAUNCHER=srun works in a Slurm job (sbatch, salloc) alone; leave it unset here" >&2
  exit 2
fi

# ---- this node's share of the job ----

nodes=${SLURM_JOB_NUM_NODES:-1}
ranks_here=$(((ranks + nodes - 1) / nodes))
# Cores that this process may use; hyperthreads don't count.
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

# What Slurm gives to each rank is its share. Its CPUs may be hyperthreads; cores is what a rank can be bound to.
if [[ ${SLURM_CPUS_PER_TASK:-} =~ ^[1-9][0-9]*$ ]]; then threads=$SLURM_CPUS_PER_TASK; fi
cores_each=$((cores / ranks_here < threads ? cores / ranks_here : threads))

# ---- the launcher ----

if [[ $launcher == mpirun ]]; then
  launch=(mpirun -np "$ranks")
  # scancel, and preemption, send TERM to every process of a job. The ranks take it as a warning and save; mpirun, and its helpers on the other
  # nodes, would kill them within two seconds. They give each rank a clean set of signals.
  if [[ -n ${SLURM_JOB_ID:-} ]] && env --block-signal=TERM true 2>/dev/null; then
    launch=(env --block-signal=TERM "${launch[@]}")
    export OMPI_MCA_orte_launch_agent=${OMPI_MCA_orte_launch_agent:-env --block-signal=TERM orted}
  fi
  # mpirun refuses root, to protect shared machines; in a container there is nobody else.
  if ((EUID == 0)); then launch+=(--allow-run-as-root); fi
  # More ranks than cores are refused too, for they are slow; tests and first steps want them.
  if ((ranks_here > cores)); then launch+=(--oversubscribe); fi
  # Left alone, mpirun binds each of one or two ranks to a single core, with all threads of the JVM.
  if ((cores_each > 0)) && [[ -n ${SLURM_CPUS_PER_TASK:-} ]]; then
    # Each rank gets the cores that the job asked for, and none of another's.
    launch+=(--map-by "slot:PE=$cores_each" --bind-to core)
  elif ((numa_nodes > 1 && ranks_here > 1 && ranks_here <= cores)); then
    # Threads stay on their memory's side of the machine; within it the kernel places them.
    launch+=(--map-by numa --bind-to numa)
  else
    launch+=(--bind-to none)
  fi
  # MPI carries only metadata here; UCX, the other way, takes SIGSEGV, which the JVM needs.
  launch+=(--mca pml ob1 --mca btl "self,vader,tcp")
  # Ranks on this machine alone need no ssh, but mpirun refuses to start where there is none.
  if [[ -z ${SLURM_JOB_ID:-} ]] && ! command -v ssh >/dev/null && ! command -v rsh >/dev/null; then launch+=(--mca plm isolated); fi
  read -ra more_launch <<<"${YOLOMPI_MPIRUN_ARGS:-}"
else
  launch=(srun --mpi=pmix --ntasks="$ranks" --cpu-bind=cores)
  # srun places as it likes unless told, and since Slurm 22.05 no longer takes this from the job.
  if [[ -n ${SLURM_NTASKS_PER_NODE:-} ]]; then launch+=(--ntasks-per-node="$SLURM_NTASKS_PER_NODE"); fi
  if [[ -n ${SLURM_CPUS_PER_TASK:-} ]]; then launch+=(--cpus-per-task="$SLURM_CPUS_PER_TASK"); fi
  # A rank that is gone takes the others with it by itself; this is for one that ends before it could join them.
  launch+=(--wait=60)
  export OMPI_MCA_pml=${OMPI_MCA_pml:-ob1} OMPI_MCA_btl=${OMPI_MCA_btl:-self,vader,tcp}
  read -ra more_launch <<<"${YOLOMPI_SRUN_ARGS:-}"
fi

# ---- the ranks' environment ----

# By env before java, which works with every launcher. It hides java from mpirun, too, which takes any argument of java that holds the
# letters cp, a folder's name or -Dorg.bytedeco.javacpp…, for -cp, and appends its own jar to the argument after it.
rank=(env)
# Compute threads of a rank: its share of the cores. LibTorch's pool reads this when it loads.
rank+=(OMP_NUM_THREADS="${OMP_NUM_THREADS:-$threads}")
# They spin while they wait for each other, which takes ages where another program has one of the cores; shorter, they then sleep.
rank+=(GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-10000}")
# Should UCX be loaded nevertheless: no signal handlers of its own.
rank+=(UCX_ERROR_SIGNALS=)
# The same for Omni-Path's PSM2.
rank+=(HFI_NO_BACKTRACE=1)
# Step tensors are large: glibc gives them back to the kernel each time, tcmalloc keeps them (up to 1.3 times faster).
# LD_PRELOAD can't hold a blank or a colon in a path: then the system's does, or none.
tcmalloc=$(find "$home/lib" /usr/lib /usr/lib64 -name 'libtcmalloc_minimal.so.4' ! -path '*[[:space:]:]*' -print -quit 2>/dev/null || true)
if [[ -n $tcmalloc ]]; then
  rank+=(LD_PRELOAD="$tcmalloc${LD_PRELOAD:+:$LD_PRELOAD}")
  # It comments on each allocation over 1 GiB; we know.
  rank+=(TCMALLOC_LARGE_ALLOC_REPORT_THRESHOLD=1099511627776)
fi
# Open MPI's own Java library, where it does not lie in a folder that every program looks into.
mpi_libraries=$(dirname "$(dirname "$(realpath "$(command -v mpirun)")")")/lib
if [[ -e $mpi_libraries/libmpi_java.so ]]; then
  export LD_LIBRARY_PATH=$mpi_libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
fi
# NVIDIA's, where mpi/gpu/nvidia.sh found them.
nvidia=$(cat "$home/target/nvidia-libraries" 2>/dev/null || true)
if [[ -n $nvidia ]]; then export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$nvidia; fi
# Remote ranks find the native libraries where this shell finds them, and know what is set here about Gloo, NCCL and GPUs. What a job wants
# of them, the program sets itself where nothing is set here: see NcclBackend. Which GPUs a rank sees, Slurm decides on each node.
inherited='^(LD_LIBRARY_PATH|GLOO_.*|NCCL_.*|TORCH_NCCL_.*|TORCH_FR_.*|CUDA_.*)$'
while IFS= read -r name; do
  if [[ -z ${SLURM_JOB_ID:-} || $name != CUDA_VISIBLE_DEVICES ]]; then rank+=("$name=${!name}"); fi
done < <(compgen -e | grep -E "$inherited" || true)

# ---- java ----

# In the plain locale of many containers and batch nodes Java can't open files whose names hold other letters than English has.
if [[ ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} =~ ^(C|POSIX)$ ]]; then rank+=(LC_ALL=C.UTF-8); fi

java=("${JAVA_HOME:+$JAVA_HOME/bin/}java")
# The JVM's own threads (collector, compiler, pools) also get the rank's share instead of all cores each.
java+=(-XX:ActiveProcessorCount="$threads")
# Pixel arrays are megabytes: G1 would treat each as "humongous".
java+=(-XX:+UseParallelGC)
# The heaps of a node together take at most half of its memory: tensors live outside of them.
java+=(-XX:MaxRAMPercentage=$((ranks_here > 2 ? 50 / ranks_here + 1 : 25)))
# JavaCPP unpacks LibTorch (400 MB) once: in a Slurm job on the node's own disk instead of the shared home.
if [[ -n ${SLURM_JOB_ID:-} ]]; then
  java+=(-Dorg.bytedeco.javacpp.cachedir="${SLURM_TMPDIR:-/tmp}/$(id -un)-javacpp")
fi

read -ra more_java <<<"${YOLOMPI_JAVA_ARGS:-}"
"${launch[@]}" "${more_launch[@]}" "${rank[@]}" "${java[@]}" "${more_java[@]}" -jar "$jar" "$@" <&0 &
job=$!

# ---- signals ----

# Told by TERM, mpirun lets the ranks go on for a second, passes TERM on, kills them another second later, and exits with 1: too
# short for a save. (--mca odls_base_sigkill_timeout sets both waits, but then each failure of a rank takes them too.) USR1 it
# passes on at once and without a limit, and training stops after its step, saves, and all exit with 75. srun kills ranks at once when told by
# TERM, and passes USR1 on as well.
# A second one ends the ranks at once: on a terminal that is meant. In a job it is TERM, which Slurm sends to this script, too, when the time
# after its warning is up: in what is left until KILL they may still save.
passed_on=false
trap 'told=true; if ! $passed_on || [[ -z ${SLURM_JOB_ID:-} ]]; then passed_on=true; kill -USR1 "$job" 2>/dev/null || true; fi' TERM USR1
if $early; then kill -USR1 $$; fi
# A terminal sends Ctrl-C to mpirun as well; its end is ours.
trap 'told=true' INT
told=true
# A signal ends the wait, but not the job.
while $told; do
  told=false status=0
  wait "$job" || status=$?
done
exit "$status"
