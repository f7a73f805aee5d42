#!/usr/bin/env bash
# Unpacks what mpi/bundle/bundle.sh made, on a machine without network, Java and Open MPI; it lies beside the archive's parts.
#
#   bash unbundle.sh [FOLDER]        into FOLDER/yolo-mpi, which must not be there yet; default: the current folder
set -euo pipefail

case ${1:-} in
  -*) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2 && exit 2 ;;
esac
parts=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:-.}"
cd "${1:-.}"
fail() { echo "unbundle.sh: $*" >&2 && exit 1; }
[[ ! -e yolo-mpi ]] || fail "$PWD/yolo-mpi is there already; name another folder, or remove it"
command -v xz >/dev/null || fail "no xz on the PATH (package xz-utils or xz); unpack the archive where it is, and copy the folder"
(cd "$parts" && sha256sum --check --quiet SHA256SUMS) || fail "the parts in $parts are not those that were packed; copy them again"
# What an interruption leaves has another name.
mkdir .yolo-mpi.unfinished || fail "$PWD/.yolo-mpi.unfinished is there, of an unpacking that was interrupted; remove it"
trap 'rm -rf .yolo-mpi.unfinished' EXIT
# The archive's own parts: of an older one, more or others may lie beside them.
mapfile -t archive < <(sed -n 's/^[0-9a-f]\{64\} [ *]//p' "$parts/SHA256SUMS")
(cd "$parts" && cat -- "${archive[@]}") | tar -C .yolo-mpi.unfinished -xJf -
mv .yolo-mpi.unfinished/yolo-mpi .
yolo-mpi/mpi/run.sh 1 --version
echo "in $PWD/yolo-mpi; on: cd yolo-mpi && mpi/run.sh 1 check RECIPE.toml, and slurm/README.md"
