#!/usr/bin/env bash
# Checks this program on a machine with at least one NVIDIA GPU, and prints one table: check, result, figure.
# Sets up, builds with -Pgpu, runs the tests tagged "gpu". The libraries of NVIDIA must be on LD_LIBRARY_PATH; where one
# is missing, the first failure names it and says where to get it.
#
#   mpi/gpu-check.sh [LOG]        LOG: where Maven's whole output goes; default: target/gpu-check.log
set -euo pipefail
cd "$(dirname "$0")/.."
log=${1:-target/gpu-check.log}

if ! command -v nvidia-smi >/dev/null || ! nvidia-smi --list-gpus 2>/dev/null | grep -q '^GPU'; then
  cat >&2 <<'END'
gpu-check.sh: nvidia-smi shows no GPU here. Run it on a machine that has one, for example in a job:
  srun --gpus=1 --cpus-per-task=8 --time=30 mpi/gpu-check.sh
In a container, see that it was started with its GPUs (docker run --gpus all).
END
  exit 1
fi

mpi/setup.sh
mkdir -p "$(dirname "$log")"
passed=true
# Every test is reported; one that fails must not end the script before its table.
mvn -B -Pgpu test -Dgroups=gpu -Dsurefire.failIfNoSpecifiedTests=false >"$log" 2>&1 || passed=false
lines=$(sed -n 's/^.*gpu-check: //p' "$log")
if [[ -z $lines ]]; then
  tail -30 "$log" >&2
  echo "gpu-check.sh: no check ran; the whole output is in $log" >&2
  exit 1
fi
{
  echo "check | result | figure"
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | nl -w1 -v0 -s' ' |
    sed 's/^\([0-9]*\) \(.*\)$/GPU \1 | found | \2/'
  echo "LibTorch | found | $(sed -n 's:.*<pytorch.version>\([^-]*\)-.*:\1:p' pom.xml)"
  echo "$lines"
} | awk -F' \\| ' '{ printf "%-58s %-10s %s\n", $1, $2, $3 }'
if ! $passed || grep -q '| FAILED' <<<"$lines"; then
  echo "gpu-check.sh: something failed; the whole output is in $log" >&2
  exit 1
fi
