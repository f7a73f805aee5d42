#!/usr/bin/env bash
# Starts a temporary Slurm on this machine, to try job scripts.
set -euo pipefail

usage() {
  cat <<'END'
usage: slurm/local-cluster.sh up DIR [--nodes N] [--cpus N] [--gpus N] [--port N] [--kill-wait SECONDS]
       slurm/local-cluster.sh fail DIR NODE
       slurm/local-cluster.sh repair DIR NODE
       slurm/local-cluster.sh down DIR

Starts a temporary Slurm on this machine, to try job scripts: a real slurmctld, and a slurmd for each of the nodes
n1, n2, …, which share the machine's cores and disks. It needs root and Linux, but no systemd.
Install it: apt-get install --no-install-recommends slurm-wlm munge
A node offers its CPUs, 8,000 MB of memory and its GPUs to jobs, but nothing enforces these limits.

commands:
  up      start the cluster; its files are in DIR. Then: export SLURM_CONF=DIR/slurm.conf
  fail    cut a node's power: all its processes are killed
  repair  start the node again
  down    end all jobs and the cluster; the logs stay in DIR

options:
  --nodes N            number of nodes (default 2)
  --cpus N             CPUs of each node (default 4)
  --gpus N             GPUs of each node (default 0)
  --port N             first of the TCP ports, one more than nodes (default 26800)
  --kill-wait SECONDS  time between TERM and KILL of a canceled job (default 10)
  -h, --help           print this text

example:
  slurm/local-cluster.sh up /tmp/cluster --nodes 3
END
}

usage_error() { echo "local-cluster.sh: $*; see slurm/local-cluster.sh --help" >&2 && exit 2; }
fail_with() { echo "local-cluster.sh: $*" >&2 && exit 1; }

is_number() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]]; }

up() {
  local nodes=2 cpus=4 gpus=0 port=26800 kill_wait=10
  while (($#)); do
    case $1 in
      --nodes | --cpus | --port | --kill-wait)
        is_number "${2:-}" || usage_error "$1: found '${2:-}', expected a number above 0"
        ;;&
      --gpus) [[ ${2:-} =~ ^[0-9]{1,2}$ ]] || usage_error "--gpus: found '${2:-}', expected a number below 100" ;;&
      --nodes) nodes=$2 ;;
      --cpus) cpus=$2 ;;
      --gpus) gpus=$2 ;;
      --port) port=$2 ;;
      --kill-wait) kill_wait=$2 ;;
      *) usage_error "unknown option $1" ;;
    esac
    shift 2
  done
  [[ $dir != *[[:space:]#%]* ]] ||
    fail_with "$dir: found a space, # or % in the path, which slurm.conf cannot hold; choose another folder"
  if [[ -e $dir ]] && ! grep -qxs 'ClusterName=local' "$SLURM_CONF" && [[ -n $(ls -A "$dir") ]]; then
    fail_with "$dir: found files of something else, expected a new or empty folder; choose another"
  fi
  ((EUID == 0)) || fail_with "needs root, because slurmd starts jobs as any user"
  for tool in munged slurmctld slurmd unshare; do
    command -v "$tool" >/dev/null ||
      fail_with "found no $tool; install it: apt-get install --no-install-recommends slurm-wlm munge"
  done
  [[ ! -e $dir/slurmctld.pid ]] ||
    fail_with "$dir has a cluster already; end it: slurm/local-cluster.sh down $dir"
  # Each node needs its own host name: otherwise Open MPI takes two nodes for one, and its shared memory crashes.
  unshare --uts true 2>/dev/null ||
    fail_with "this machine allows no UTS namespaces, which give nodes their names; in a container, add SYS_ADMIN"
  for ((p = port; p <= port + nodes; p++)); do
    ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || fail_with "port $p is in use; choose others with --port"
  done

  # munged and slurmctld refuse folders that other users can write to.
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
  echo "$nodes nodes with $cpus CPUs and $gpus GPUs each; next: export SLURM_CONF=$SLURM_CONF"
}

configure() { # NODES CPUS GPUS PORT KILL_WAIT
  local names=()
  : >"$dir/plugstack.conf"
  : >"$dir/gres.conf"
  [[ -s $dir/munge/key ]] || (umask 077 && head -c 1024 /dev/urandom >"$dir/munge/key")
  # cred_expire: time until a requeued job may start again. TmpFS: PMIx fails unless each node has its own folder.
  # jobcomp replaces the data base of sacct.
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
      # Slurm needs a device file for each GPU; these are like /dev/null.
      for ((g = 0; g < $3; g++)); do [[ -c $dir/gpu/$node-$g ]] || mknod "$dir/gpu/$node-$g" c 1 3; done
      echo "NodeName=$node Name=gpu File=$dir/gpu/$node-[0-$(($3 - 1))]" >>"$dir/gres.conf"
      gres=" Gres=gpu:$3"
    fi
    echo "NodeName=$node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$(($4 + i))" \
      "CPUs=$2 RealMemory=8000$gres" >>"$SLURM_CONF"
    names+=("$node")
  done
  echo "PartitionName=main Nodes=$(IFS=, && echo "${names[*]}") Default=YES MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
}

await_idle() { # NODES
  for ((t = 0; t < 300; t++)); do
    if [[ $(sinfo -h -N -o %T 2>/dev/null | grep -cx idle) == "$1" ]]; then return; fi
    sleep 0.1
  done
  sinfo -N -l >&2 || true
  echo "local-cluster.sh: the nodes are not ready after 30 s; see $dir/log" >&2
  return 1
}

repair() { # NODE
  # shellcheck disable=SC2016
  unshare --uts sh -c 'hostname "$1" && exec slurmd -N "$1" -f "$2"' sh "$1" "$SLURM_CONF"
}

fail() { # NODE
  local host own killed=()
  host=$(readlink "/proc/$(cat "$dir/slurmd.$1.pid" 2>/dev/null || echo none)/ns/uts") ||
    fail_with "$dir: node $1 does not run"
  own=$(readlink /proc/self/ns/uts)
  [[ $host != "$own" ]] || fail_with "node $1 has no host name of its own: this script did not start it"
  for process in /proc/[0-9]*; do
    if [[ $(readlink "$process/ns/uts" 2>/dev/null) == "$host" ]]; then killed+=("${process#/proc/}"); fi
  done
  kill -KILL "${killed[@]}" 2>/dev/null || true
  rm -f "$dir/slurmd.$1.pid"
}

# Ends the process whose id the file holds, if that process still has the name.
stop() { # PIDFILE NAME
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
    # End jobs first: otherwise the process that supervises each step stays behind.
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

if [[ ${1:-} == -h || ${1:-} == --help ]]; then usage && exit; fi
action=${1:-}
[[ $action =~ ^(up|down|fail|repair)$ ]] || usage_error "found '$action', expected up, down, fail or repair"
(($# >= 2)) || usage_error "found no DIR after $action"
dir=$(realpath -m "$2")
export SLURM_CONF=$dir/slurm.conf
shift 2
case $action in
  up) up "$@" ;;
  down) down ;;
  fail | repair)
    [[ ${1:-} =~ ^n[0-9]+$ ]] || usage_error "$action: found '${1:-}', expected a node such as n1"
    "$action" "$1"
    ;;
esac
