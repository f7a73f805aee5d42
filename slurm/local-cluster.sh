#!/usr/bin/env bash
# A throw-away Slurm on this machine, to try job scripts: real slurmctld and slurmd, nodes n1, n2, … that share its cores and disks.
#
#   slurm/local-cluster.sh up DIR [--nodes 2] [--cpus 4] [--gpus 0] [--port 26800] [--kill-wait 10]
#                                              then: export SLURM_CONF=DIR/slurm.conf
#   slurm/local-cluster.sh fail DIR NODE       the node loses power: all that runs on it is killed
#   slurm/local-cluster.sh repair DIR NODE     and comes back
#   slurm/local-cluster.sh down DIR            ends jobs and cluster; DIR keeps its logs
#
# As root, on Linux, without systemd. Needs: apt-get install --no-install-recommends slurm-wlm munge. The CPUs, the 8,000 MB of memory and
# the GPUs of a node are what jobs may ask for; nothing holds jobs to them. --kill-wait: seconds between TERM and KILL of a cancelled job.
set -euo pipefail

die() {
  echo "local-cluster.sh: $*" >&2
  exit 1
}

usage() {
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
}

is_number() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]]; }

up() {
  local nodes=2 cpus=4 gpus=0 port=26800 kill_wait=10
  while (($#)); do
    case $1 in
      --nodes | --cpus | --port | --kill-wait) is_number "${2:-}" || die "$1: found '${2:-}', expected a number above 0" ;;&
      --gpus) [[ ${2:-} =~ ^[0-9]{1,2}$ ]] || die "--gpus: found '${2:-}', expected a number" ;;&
      --nodes) nodes=$2 ;;
      --cpus) cpus=$2 ;;
      --gpus) gpus=$2 ;;
      --port) port=$2 ;;
      --kill-wait) kill_wait=$2 ;;
      *) usage ;;
    esac
    shift 2
  done
  [[ $dir != *[[:space:]#%]* ]] || die "$dir: found a blank, # or % in the path, which slurm.conf can't hold; choose another folder"
  if [[ -e $dir ]] && ! grep -qxs 'ClusterName=local' "$SLURM_CONF" && [[ -n $(ls -A "$dir") ]]; then
    die "$dir: found files that are no local cluster's, expected a new or empty folder; choose another"
  fi
  ((EUID == 0)) || die "expected root: slurmd starts jobs as any user"
  for tool in munged slurmctld slurmd unshare; do
    command -v "$tool" >/dev/null || die "no $tool here: apt-get install --no-install-recommends slurm-wlm munge"
  done
  [[ ! -e $dir/slurmctld.pid ]] || die "$dir has a cluster already; end it by: slurm/local-cluster.sh down $dir"
  # Without a host name of its own for each node, Open MPI takes two nodes for one, and its shared memory crashes.
  unshare --uts true 2>/dev/null || die "this machine allows no UTS namespaces, which give nodes their names (a container without privileges?)"
  for ((p = port; p <= port + nodes; p++)); do
    ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || die "port $p is taken; choose others by --port"
  done

  # munged and slurmctld refuse folders that others could write to.
  mkdir -p "$dir"/{munge,state,spool,log,gpu,tmp}
  chmod 755 "$dir" "$dir"/{munge,state,spool,log,gpu,tmp}
  configure "$nodes" "$cpus" "$gpus" "$port" "$kill_wait"
  trap 'down' ERR
  munged --socket="$dir/munge/socket" --key-file="$dir/munge/key" --pid-file="$dir/munge/pid" \
    --log-file="$dir/munge/log" --seed-file="$dir/munge/seed"
  slurmctld -f "$SLURM_CONF"
  for ((i = 1; i <= nodes; i++)); do repair "n$i"; done
  await_idle "$nodes"
  trap - ERR
  echo "$nodes nodes with $cpus CPUs and $gpus GPUs each; now: export SLURM_CONF=$SLURM_CONF"
}

# configure NODES CPUS GPUS PORT
configure() {
  local names=()
  : >"$dir/plugstack.conf"
  : >"$dir/gres.conf"
  [[ -s $dir/munge/key ]] || (umask 077 && head -c 1024 /dev/urandom >"$dir/munge/key")
  # cred_expire: how long a requeued job waits before it may start again. TmpFS: a folder for each node, or PMIx fails. jobcomp in place of a
  # data base for sacct.
  cat >"$SLURM_CONF" <<END
ClusterName=local
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$4
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=5
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
TmpFS=$dir/tmp/%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.%n.log
PlugStackConfig=$dir/plugstack.conf
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/log/jobs.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2
MpiDefault=none
ReturnToService=2
KillWait=$5
SlurmdTimeout=20
MinJobAge=3600
GresTypes=gpu
END
  for ((i = 1; i <= $1; i++)); do
    local node=n$i gres=
    mkdir -p "$dir/spool/$node" "$dir/tmp/$node"
    chmod 1777 "$dir/tmp/$node"
    if (($3 > 0)); then
      # Slurm wants a device for each; these are like /dev/null.
      for ((g = 0; g < $3; g++)); do [[ -c $dir/gpu/$node-$g ]] || mknod "$dir/gpu/$node-$g" c 1 3; done
      echo "NodeName=$node Name=gpu File=$dir/gpu/$node-[0-$(($3 - 1))]" >>"$dir/gres.conf"
      gres=" Gres=gpu:$3"
    fi
    echo "NodeName=$node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$(($4 + i)) CPUs=$2 RealMemory=8000$gres" >>"$SLURM_CONF"
    names+=("$node")
  done
  echo "PartitionName=main Nodes=$(IFS=, && echo "${names[*]}") Default=YES MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
}

await_idle() {
  for ((t = 0; t < 300; t++)); do
    if [[ $(sinfo -h -N -o %T 2>/dev/null | grep -cx idle) == "$1" ]]; then return; fi
    sleep 0.1
  done
  sinfo -N -l >&2 || true
  echo "local-cluster.sh: the nodes are not ready after 30 s; $dir/log tells why" >&2
  return 1
}

repair() {
  # shellcheck disable=SC2016
  unshare --uts sh -c 'hostname "$1" && exec slurmd -N "$1" -f "$2"' sh "$1" "$SLURM_CONF"
}

fail() {
  local host own killed=()
  host=$(readlink "/proc/$(cat "$dir/slurmd.$1.pid" 2>/dev/null || echo none)/ns/uts") || die "$dir: node $1 does not run"
  own=$(readlink /proc/self/ns/uts)
  [[ $host != "$own" ]] || die "node $1 has no host name of its own; not one that this script started"
  for process in /proc/[0-9]*; do
    if [[ $(readlink "$process/ns/uts" 2>/dev/null) == "$host" ]]; then killed+=("${process#/proc/}"); fi
  done
  kill -KILL "${killed[@]}" 2>/dev/null || true
  rm -f "$dir/slurmd.$1.pid"
}

# stop PIDFILE NAME: ends the process that the file names, if it still is NAME.
stop() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  if [[ $(ps -o comm= -p "$pid") == "$2" ]]; then
    kill -TERM "$pid"
    for ((t = 0; t < 100; t++)); do
      [[ -d /proc/$pid ]] || break
      sleep 0.1
    done
    if [[ -d /proc/$pid ]]; then kill -KILL "$pid"; fi
  fi
  rm -f "$1"
}

down() {
  if [[ -e $dir/slurmctld.pid ]]; then
    # Jobs first: what watches over each of their steps would stay behind.
    for job in $(timeout 10 squeue -h -r -o %i 2>/dev/null); do timeout 10 scancel "$job" 2>/dev/null || true; done
    for ((t = 0; t < 150; t++)); do
      if [[ -z $(timeout 5 squeue -h 2>/dev/null) ]]; then break; fi
      sleep 0.2
    done
  fi
  for file in "$dir"/slurmd.*.pid; do stop "$file" slurmd; done
  stop "$dir/slurmctld.pid" slurmctld
  stop "$dir/munge/pid" munged
}

(($# >= 2)) || usage
action=$1
dir=$(realpath -m "$2")
export SLURM_CONF=$dir/slurm.conf
shift 2
case $action in
  up) up "$@" ;;
  down) down ;;
  fail | repair)
    [[ ${1:-} =~ ^n[0-9]+$ ]] || usage
    "$action" "$1"
    ;;
  *) usage ;;
esac
