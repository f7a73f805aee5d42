#!/usr/bin/env bash
# Steps that the scripts beside this file share; they source it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

usage_error() {
  printf '%s: %s; see data-prep/%s --help\n' "$(basename "$0")" "$*" "$(basename "$0")" >&2
  exit 2
}

# check_arguments MIN MAX ARGS…: prints the script's usage for --help, and rejects a wrong number of arguments.
check_arguments() {
  local min=$1 max=$2
  shift 2
  case ${1:-} in
    -h | --help) usage && exit 0 ;;
    -*) usage_error "unknown option $1" ;;
  esac
  if (($# < min || $# > max)); then usage_error "found $# arguments, expected $min to $max"; fi
}

yolo_mpi() {
  local jar="$root/target/yolo-mpi.jar"
  [[ -f $jar ]] || fail "found no $jar; build it in $root: mvn -B -DskipTests package"
  (
    # shellcheck source=/dev/null
    if [[ -r $root/env.sh ]]; then source "$root/env.sh"; fi # a bundle has its own Java
    java -jar "$jar" "$@"
  )
}

# unpack SOURCE FOLDER: sets $unpacked to SOURCE if it is a folder, otherwise to FOLDER with the unpacked archive.
unpack() {
  local source=$1 folder=$2
  if [[ -d $source ]]; then
    unpacked=$source
    return
  fi
  # shellcheck disable=SC2034 # for the scripts that source this file
  unpacked=$folder
  [[ -f $source ]] || fail "$source: found no such archive or folder; give the path of the download"
  if [[ -d $folder ]]; then
    echo "$folder exists: skipped unpacking"
    return
  fi
  local unfinished="$folder.unfinished"
  rm -rf -- "$unfinished"
  mkdir -p -- "$unfinished"
  echo "unpacking $source into $folder"
  case $source in
    *.zip)
      command -v unzip >/dev/null || fail "found no unzip; install it, or unpack $source yourself and give the folder"
      unzip -q "$source" -d "$unfinished"
      ;;
    *.tar | *.tar.gz | *.tgz | *.tar.xz | *.tar.bz2) tar -xf "$source" -C "$unfinished" ;;
    *)
      fail "$source: expected .zip, .tar, .tar.gz, .tgz, .tar.xz or .tar.bz2;" \
        "unpack it yourself and give the folder"
      ;;
  esac
  mv -- "$unfinished" "$folder"
}

# pack_once OUT ARGS…: packs into OUT unless it has shards already.
pack_once() {
  local out=$1
  shift
  if compgen -G "$out/*.h5" >/dev/null; then
    echo "$out has shards: skipped packing"
    return
  fi
  echo "packing $out"
  yolo_mpi pack --out "$out" "$@"
}

# first_file CANDIDATE…: prints the first file that exists.
first_file() {
  local candidate
  for candidate in "$@"; do
    if [[ -f $candidate ]]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

# next_step OUT: prints what to do after packing.
next_step() {
  local run="java -jar $root/target/yolo-mpi.jar"
  if [[ -r $root/env.sh ]]; then run="$root/mpi/run.sh 1"; fi
  cat <<END

Name the shards in a recipe (src/recipes has examples):

  [data]
  train = "$1/train"
  val = "$1/val"

Check the recipe before you train:

  $run check RECIPE.toml
END
}
