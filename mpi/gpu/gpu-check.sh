#!/usr/bin/env bash
# Checks the program on a machine with at least one NVIDIA GPU.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/gpu/gpu-check.sh [--quick] [LOG]

Checks the program on a machine with at least one NVIDIA GPU, and prints tables: versions; tests against the CPU
and between ranks; speed of loading images, and how long training waits for them; training speed of each network
and precision. If python3 has PyTorch, it also measures the same networks in PyTorch.
In a clone it builds first; in a bundle it does not.

arguments:
  LOG         file for all output of the tests; default: target/gpu-check.log

options:
  --quick     measure speeds at one size, with few steps (saves about a minute)
  -h, --help  print this text

example:
  srun --gpus=1 --cpus-per-task=8 --time=30 mpi/gpu/gpu-check.sh
END
}

usage_error() { echo "gpu-check.sh: $*; see mpi/gpu/gpu-check.sh --help" >&2 && exit 2; }

if [[ ${1:-} == -h || ${1:-} == --help ]]; then usage && exit; fi
home=$(realpath "$(dirname "$(realpath "$0")")/../..")
sizes=416,608 steps=20
if [[ ${1:-} == --quick ]]; then sizes=416 steps=10 && shift; fi
[[ ${1:-} != -* ]] || usage_error "unknown option $1"
(($# <= 1)) || usage_error "found $# arguments, expected at most one LOG"
log=$(realpath -m "${1:-$home/target/gpu-check.log}")
cd "$home"
readonly NETWORKS=yolov3,yolov3-spp,yolov3-tiny PRECISIONS=fp32,tf32,fp16,bf16 BATCH=64

main() {
  need_gpu
  # shellcheck source=/dev/null
  if [[ -r env.sh ]]; then source ./env.sh; else build; fi
  mkdir -p "$(dirname "$log")"
  if ! mpi/gpu/nvidia.sh >"$log.libraries"; then cat "$log.libraries" >&2 && exit 1; fi
  nvidia=$(<target/nvidia-libraries)
  if [[ -n $nvidia ]]; then export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$nvidia; fi
  versions
  check
  feed
  measure
  $passed || { echo "gpu-check.sh: a check failed; all output of the tests is in $log" >&2 && exit 1; }
}

need_gpu() {
  if command -v nvidia-smi >/dev/null && nvidia-smi --list-gpus 2>/dev/null | grep -q '^GPU'; then return; fi
  cat >&2 <<'END'
gpu-check.sh: nvidia-smi shows no GPU. Run the script on a machine with a GPU, for example in a job:
  srun --gpus=1 --cpus-per-task=8 --time=30 mpi/gpu/gpu-check.sh
Start a container with its GPUs: docker run --gpus all.
END
  exit 1
}

build() {
  mpi/setup.sh
  mkdir -p target
  rm -rf target/lib target/test-lib # Java may load the wrong LibTorch from an earlier build for CPUs
  mvn -B -q -Pgpu -DskipTests package >"$log" 2>&1 || { tail -30 "$log" >&2 && exit 1; }
}

versions() {
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | nl -w1 -v0 -s' ' | sed 's/^/GPU /'
  date -u '+date %Y-%m-%d'
  echo "LibTorch $(find target/lib -name 'pytorch-*-gpu.jar' | sed 's:.*/pytorch-\([^-]*\)-.*:\1:')"
  echo
}

# Selects tests by class name, so that no other class is loaded: a bundle lacks the libraries of some.
# A failed test is reported, and the script continues with its tables.
check() {
  passed=true
  # All ranks of the tests are on this machine: mpirun needs no ssh.
  command -v ssh >/dev/null || export OMPI_MCA_plm=isolated
  java -cp 'target/test-classes:target/yolo-mpi.jar:target/lib/*:target/test-lib/*' \
    org.junit.platform.console.ConsoleLauncher execute --scan-classpath target/test-classes \
    --include-classname '.*\.(Gpu[A-Za-z]*|NcclGroup)Test' --include-tag gpu --details=tree --disable-banner \
    >"$log" 2>&1 || passed=false
  local lines
  lines=$(sed -n 's/^.*gpu-check: //p' "$log")
  if [[ -z $lines ]]; then
    tail -30 "$log" >&2
    echo "gpu-check.sh: no check ran; all output is in $log" >&2
    exit 1
  fi
  { echo "check | result | figure" && echo "$lines"; } | awk -F' \\| ' '{ printf "%-58s %-10s %s\n", $1, $2, $3 }'
  echo
}

# Measures loading with synthetic images of COCO's size and the default augmentation.
feed() {
  local data=target/gpu-check
  rm -rf "$data"
  if ! draw "$data" >"$log.feed" 2>&1; then tail -5 "$log.feed" >&2 && passed=false && return; fi
  for network in yolov3 yolov3-tiny; do
    printf '%-14s%6s%6s%7s  ' "$network" 416 bf16 "$BATCH"
    if yolo bench step "$data/recipe.toml" --set model.cfg="$network" --blocks 2 --steps "$((steps / 2))" \
      >"$log.feed" 2>&1; then
      sed -n 's/^training  *//p' "$log.feed"
    else
      echo FAILED && tail -5 "$log.feed" >&2 && passed=false
    fi
  done
  yolo bench loader "$data/recipe.toml" 2>&1 | tee -a "$log.feed" || passed=false
  echo
}

draw() { # DIR
  yolo shapes --out "$1/pictures" --images 768 --val-images 1 --size 640
  yolo pack --format yolo --images "$1/pictures/images" --annotations "$1/pictures/labels" \
    --split "$1/pictures/train.txt" --names "$1/pictures/names.txt" --out "$1/train"
  printf '%s\n' "data.train = '$1/train'" 'data.size = 416' "train.batch = $BATCH" 'model.precision = "bf16"' \
    >"$1/recipe.toml"
}

yolo() { java -jar target/yolo-mpi.jar "$@"; }

measure() {
  local options=(--sizes "$sizes" --precisions "$PRECISIONS" --batch "$BATCH" --steps "$steps") configs=()
  yolo bench speed --networks "$NETWORKS" "${options[@]}" | tee "$log.speed" || passed=false
  if ! python3 -c 'import torch' 2>/dev/null; then
    echo "python3 has no PyTorch: no comparison with it"
    return
  fi
  for network in ${NETWORKS//,/ }; do configs+=("$(config "$network")"); done
  (IFS=, && python3 mpi/gpu/pytorch_peer.py --networks "${configs[*]}" "${options[@]}") |
    tee "$log.peer" || passed=false
  echo
  echo "images/s of this program divided by images/s of PyTorch:"
  awk '
    NR == FNR { if (NF >= 7) peer[$1, $2, $3] = $5; next }
    ($1, $2, $3) in peer && $5 + 0 > 0 && peer[$1, $2, $3] + 0 > 0 {
      printf "%-14s%6s%6s%8.2f\n", $1, $2, $3, $5 / peer[$1, $2, $3]
    }' "$log.peer" "$log.speed"
}

# Copies a .cfg file out of the program's jar; a bundle may have no unzip.
config() { # NETWORK
  mkdir -p target/cfg
  python3 -c 'import sys, zipfile
name = f"yolompi/model/darknet/{sys.argv[1]}.cfg"
sys.stdout.buffer.write(zipfile.ZipFile("target/yolo-mpi.jar").read(name))' "$1" >"target/cfg/$1.cfg"
  echo "target/cfg/$1.cfg"
}

main "$@"
