#!/usr/bin/env bash
# Unpacks a bundle on a machine without network, Java and Open MPI.
set -euo pipefail

usage() {
  cat <<'END'
usage: bash unbundle.sh [FOLDER]

Checks and unpacks the parts that mpi/bundle/bundle.sh made and that are beside this script.

arguments:
  FOLDER      folder to unpack into, as FOLDER/yolo-mpi, which must not exist; default: the current folder

options:
  -h, --help  print this text

example:
  bash unbundle.sh "$HOME"
END
}

usage_error() { echo "unbundle.sh: $*; see bash unbundle.sh --help" >&2 && exit 2; }
fail() { echo "unbundle.sh: $*" >&2 && exit 1; }

case ${1:-} in
  -h | --help) usage && exit ;;
  -*) usage_error "unknown option $1" ;;
esac
(($# <= 1)) || usage_error "found $# arguments, expected at most one"
parts=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:-.}"
cd "${1:-.}"
[[ ! -e yolo-mpi ]] || fail "$PWD/yolo-mpi exists already; give another folder, or remove it"
command -v xz >/dev/null ||
  fail "found no xz on the PATH (package xz-utils or xz); unpack the archive on another machine, and copy the folder"
(cd "$parts" && sha256sum --check --quiet SHA256SUMS) ||
  fail "the parts in $parts differ from SHA256SUMS; copy them again"
# An interrupted unpacking leaves this folder behind, never a partial yolo-mpi.
mkdir .yolo-mpi.unfinished || fail "$PWD/.yolo-mpi.unfinished is left from an interrupted unpacking; remove it"
trap 'rm -rf .yolo-mpi.unfinished' EXIT
# Parts of an older bundle may be in the same folder: only SHA256SUMS says which belong to this one.
mapfile -t archive < <(sed -n 's/^[0-9a-f]\{64\} [ *]//p' "$parts/SHA256SUMS")
(cd "$parts" && cat -- "${archive[@]}") | tar -C .yolo-mpi.unfinished -xJf -
mv .yolo-mpi.unfinished/yolo-mpi .
yolo-mpi/mpi/run.sh 1 --version
echo "unpacked to $PWD/yolo-mpi; next: cd yolo-mpi && mpi/run.sh 1 check RECIPE.toml; for Slurm see slurm/README.md"
