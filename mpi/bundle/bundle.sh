#!/usr/bin/env bash
# Packs the program with all that it needs into one archive, for machines without network.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/bundle/bundle.sh [--gpu SM] [--split MIB] [--output FOLDER]

Packs the program with all that it needs (Java, Open MPI, JHDF5, fonts) into one archive, for machines that have
none of it and no network. They need Linux on x86-64, a C library no older than this machine's, bash and xz.
Build first: mvn -B -DskipTests package, or for GPUs mvn -B -Pgpu -DskipTests package.
There, in a folder with all files that this script makes: bash unbundle.sh

options:
  --gpu SM          after a build for GPUs: keep LibTorch's code only for these GPUs, such as sm_90 (H100, H200)
                    or sm_80 (A100); nvidia-smi --query-gpu=compute_cap --format=csv,noheader prints the number.
                    NVIDIA's libraries are not in the bundle: see mpi/gpu/nvidia.sh
  --split MIB       split the archive into files of at most MIB MiB; unbundle.sh joins them
  --output FOLDER   folder of the archive; default: target/bundle
  -h, --help        print this text

example:
  mpi/bundle/bundle.sh --gpu sm_90 --split 2000
END
}

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
      -h | --help) usage && exit 0 ;;
      *) usage_error "unknown argument $1" ;;
    esac
  done
  [[ -z $split || $split =~ ^[1-9][0-9]*$ ]] || usage_error "--split $split: expected a number of MiB"
  [[ -z $gpu || $gpu =~ ^sm_[0-9]{2,3}$ ]] || usage_error "--gpu $gpu: expected a compute capability such as sm_90"
}

need_value() { (($# >= 2)) || usage_error "$1 needs a value"; }
usage_error() { echo "bundle.sh: $*; see mpi/bundle/bundle.sh --help" >&2 && exit 2; }
fail() { echo "bundle.sh: $*" >&2 && exit 1; }

check_build() {
  local build="mvn -B ${gpu:+-Pgpu }-DskipTests package" tool
  [[ -r target/yolo-mpi.jar ]] || fail "found no target/yolo-mpi.jar; build it first: $build"
  for tool in xz jlink jar ompi_info mpirun orted ldd; do
    command -v "$tool" >/dev/null || fail "found no $tool on the PATH; run mpi/setup.sh first" \
      "(xz: package xz-utils; orted: Open MPI 4.1, because bundles of 5.0 are not supported)"
  done
  # shellcheck disable=SC2034 # for bundle-parts.sh
  paths=$(ompi_info --parsable --path all)
  mapfile -t jars < <(class_path)
  local torch
  torch=$(printf '%s\n' "${jars[@]}" | grep -E '/pytorch-.*-linux-.*\.jar$') ||
    fail "target/yolo-mpi.jar names no LibTorch; build it again: $build"
  if [[ -n $gpu && $torch != *-gpu.jar ]]; then fail "target/ has the build for CPUs; build for GPUs first: $build"; fi
  if [[ -z $gpu && $torch == *-gpu.jar ]]; then
    fail "target/ has the build for GPUs; add an option such as --gpu sm_90, or build for CPUs: $build"
  fi
}

pack() {
  mkdir -p "$output"
  rm -f "$output"/yolo-mpi.tar.xz* "$output/SHA256SUMS"
  echo "bundle.sh: packing $(du -sm "$bundle" | cut -f1) MiB"
  local archive=yolo-mpi.tar.xz
  if [[ -n $split ]]; then
    tar -C "$stage" --owner=0 --group=0 -cf - yolo-mpi | xz -T0 |
      split --bytes="${split}M" --numeric-suffixes=1 --suffix-length=3 - "$output/$archive."
  else
    tar -C "$stage" --owner=0 --group=0 -cf - yolo-mpi | xz -T0 >"$output/$archive"
  fi
  (cd "$output" && sha256sum "$archive"* >SHA256SUMS)
  cp mpi/bundle/unbundle.sh "$output/"
  du -m "$output"/yolo-mpi.tar.xz* | sed 's/\t/ MiB  /'
  echo "wrote the archive, SHA256SUMS and unbundle.sh to $output; copy all, then run there: bash unbundle.sh"
}

main "$@"
