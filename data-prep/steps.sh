#!/usr/bin/env bash
# The steps that the scripts beside this one share; they source it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# check_arguments LEAST MOST ARGS...: shows the script's usage where it is asked for, or where their number is wrong.
check_arguments() {
    local least=$1 most=$2
    shift 2
    case ${1:-} in
        -h | --help) usage && exit 0 ;;
    esac
    if (($# < least || $# > most)); then
        usage >&2
        exit 2
    fi
}

yolo_mpi() {
    local jar="$root/target/yolo-mpi.jar"
    [[ -f $jar ]] || fail "found no $jar; build it with 'mvn -B -DskipTests package' in $root"
    (
        # shellcheck source=/dev/null
        if [[ -r $root/env.sh ]]; then source "$root/env.sh"; fi # in a bundle: its own Java
        java -jar "$jar" "$@"
    )
}

# unpack SOURCE FOLDER: a folder is taken as it is, an archive is unpacked into FOLDER once. Sets $unpacked.
unpack() {
    local source=$1 folder=$2
    if [[ -d $source ]]; then
        unpacked=$source
        return
    fi
    # shellcheck disable=SC2034 # for the scripts that source this
    unpacked=$folder
    [[ -f $source ]] || fail "$source: found no such archive or folder; give the path of the download"
    if [[ -d $folder ]]; then
        echo "$folder is there, not unpacked again"
        return
    fi
    local unfinished="$folder.unfinished"
    rm -rf -- "$unfinished"
    mkdir -p -- "$unfinished"
    echo "unpacking $source into $folder"
    case $source in
        *.zip)
            command -v unzip >/dev/null || fail "found no 'unzip'; install it, or unpack $source yourself and give the folder"
            unzip -q "$source" -d "$unfinished"
            ;;
        *.tar | *.tar.gz | *.tgz | *.tar.xz | *.tar.bz2) tar -xf "$source" -C "$unfinished" ;;
        *) fail "$source: expected .zip, .tar, .tar.gz, .tgz, .tar.xz or .tar.bz2; unpack it yourself and give the folder" ;;
    esac
    mv -- "$unfinished" "$folder"
}

# pack_once OUT ARGS...: packs into OUT unless shards are there already.
pack_once() {
    local out=$1
    shift
    if compgen -G "$out/*.h5" >/dev/null; then
        echo "$out has its shards, not packed again"
        return
    fi
    echo "packing $out"
    yolo_mpi pack --out "$out" "$@"
}

# first_file CANDIDATE...: prints the first that exists.
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

# next_step OUT: what to type after packing.
next_step() {
    local run="java -jar $root/target/yolo-mpi.jar"
    if [[ -r $root/env.sh ]]; then run="$root/mpi/run.sh 1"; fi
    cat <<EOF

Name the shards in a recipe (src/recipes/ has some to start from):

  [data]
  train = "$1/train"
  val = "$1/val"

Then check that all fits, before the first step:

  $run check RECIPE.toml
EOF
}
