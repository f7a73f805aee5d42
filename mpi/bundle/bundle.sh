#!/usr/bin/env bash
# Packs the program with all that it needs (Java, Open MPI, JHDF5, fonts) into one archive, for machines that have none of
# it and no network. They need Linux on x86-64, a C library no older than this machine's, bash and xz.
#
#   mvn -B -DskipTests package && mpi/bundle/bundle.sh [--gpu SM] [--split MIB] [--output FOLDER]
#
#   --gpu SM          after mvn -B -Pgpu -DskipTests package: keep LibTorch's code for these cards alone, such as sm_90 (H100, H200), sm_80
#                     (A100); nvidia-smi --query-gpu=compute_cap --format=csv,noheader. NVIDIA's libraries stay outside: see mpi/gpu/nvidia.sh
#   --split MIB       in files of at most so many MiB, which cat joins again
#   --output FOLDER   where the archive goes; default: target/bundle
#
# There, in a folder with all that this makes: bash unbundle.sh
set -euo pipefail

main() {
  parse "$@"
  cd "$(dirname "$0")/../.."
  # shellcheck source=/dev/null
  source mpi/bundle/bundle-parts.sh
  check_build
  stage=$(mktemp -d)
  trap 'rm -rf "$stage"' EXIT
  bundle=$stage/yolo-mpi
  mkdir -p "$bundle"
  copy_program
  copy_jars
  copy_checks
  copy_java
  copy_openmpi
  copy_libraries
  copy_fonts
  cp mpi/bundle/bundle-env.sh "$bundle/env.sh"
  pack
}

parse() {
  gpu="" split="" output=$(realpath -m "$(dirname "$0")/../../target/bundle")
  while (($#)); do
    case "$1" in
      --gpu) need_value "$@" && gpu=$2 && shift 2 ;;
      --split) need_value "$@" && split=$2 && shift 2 ;;
      --output) need_value "$@" && output=$(realpath -m "$2") && shift 2 ;;
      -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" && exit 0 ;;
      *) usage_error "unknown argument $1; valid: --gpu SM, --split MIB, --output FOLDER" ;;
    esac
  done
  [[ -z $split || $split =~ ^[1-9][0-9]*$ ]] || usage_error "--split $split: expected a number of MiB"
  [[ -z $gpu || $gpu =~ ^sm_[0-9]{2,3}$ ]] || usage_error "--gpu $gpu: expected a kind of GPU such as sm_90"
}

need_value() { (($# >= 2)) || usage_error "$1 needs a value"; }
usage_error() { echo "bundle.sh: $*" >&2 && exit 2; }
fail() { echo "bundle.sh: $*" >&2 && exit 1; }

check_build() {
  local build="mvn -B ${gpu:+-Pgpu }-DskipTests package" tool
  [[ -r target/yolo-mpi.jar ]] || fail "target/yolo-mpi.jar is not there; build it first: $build"
  for tool in xz jlink jar ompi_info mpirun orted ldd; do
    command -v "$tool" >/dev/null || fail "no $tool on the PATH; run mpi/setup.sh first (xz: package xz-utils; orted: Open MPI 4.1, a bundle of 5.0 is not made yet)"
  done
  # shellcheck disable=SC2034 # for bundle-parts.sh
  paths=$(ompi_info --parsable --path all)
  mapfile -t jars < <(class_path)
  local torch
  torch=$(printf '%s\n' "${jars[@]}" | grep -E '/pytorch-.*-linux-.*\.jar$') || fail "target/yolo-mpi.jar names no LibTorch; build it again: $build"
  if [[ -n $gpu && $torch != *-gpu.jar ]]; then fail "target/ holds the build for CPUs; build that for GPUs first: $build"; fi
  if [[ -z $gpu && $torch == *-gpu.jar ]]; then fail "target/ holds the build for GPUs: say for which, such as --gpu sm_90; or build that for CPUs: $build"; fi
}

pack() {
  mkdir -p "$output"
  rm -f "$output"/yolo-mpi.tar.xz* "$output/SHA256SUMS"
  echo "bundle.sh: packing $(du -sm "$bundle" | cut -f1) MiB"
  local archive=yolo-mpi.tar.xz
  if [[ -n $split ]]; then
    tar -C "$stage" --owner=0 --group=0 -cf - yolo-mpi | xz -T0 | split --bytes="${split}M" --numeric-suffixes=1 --suffix-length=3 - "$output/$archive."
  else
    tar -C "$stage" --owner=0 --group=0 -cf - yolo-mpi | xz -T0 >"$output/$archive"
  fi
  (cd "$output" && sha256sum "$archive"* >SHA256SUMS)
  cp mpi/bundle/unbundle.sh "$output/"
  du -m "$output"/yolo-mpi.tar.xz* | sed 's/\t/ MiB  /'
  echo "in $output, with SHA256SUMS and unbundle.sh; there: bash unbundle.sh"
}

main "$@"
