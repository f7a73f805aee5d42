#!/usr/bin/env bash
# From a fresh clone to images with detections.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/quickstart.sh [DIR]

From a fresh clone to images with detections: set-up, build, drawing a synthetic data set, packing, training
yolov3-tiny on two CPU ranks, evaluation, prediction.
Run it again to train again: it keeps the images and shards that are already there.

arguments:
  DIR         folder for all results; default: runs/quickstart

options:
  -h, --help  print this text

example:
  mpi/quickstart.sh /tmp/quickstart
END
}

usage_error() { echo "quickstart.sh: $*; see mpi/quickstart.sh --help" >&2 && exit 2; }

case ${1:-} in
  -h | --help) usage && exit ;;
  -*) usage_error "unknown option $1" ;;
esac
(($# <= 1)) || usage_error "found $# arguments, expected at most one"
folder=$(realpath -m "${1:-$(dirname "$0")/../runs/quickstart}")
cd "$(dirname "$0")/.."
readonly JAR=target/yolo-mpi.jar RECIPE=src/recipes/shapes-tiny.toml

main() {
  step "Set-up" mpi/setup.sh
  if ! is_built; then step "Build" mvn -B -q -DskipTests package; fi
  SECONDS=0 # report the time without downloads
  # shapes and pack write to a temporary folder and rename it, so a folder that exists is complete.
  if [[ ! -d $folder/pictures ]]; then
    step "Draw colored shapes" \
      mpi/run.sh 1 shapes --out "$folder/pictures" --images 1000 --val-images 200 --size 320 --seed 1
  fi
  for part in train val; do
    if [[ ! -d $folder/shards/$part ]]; then step "Pack the $part images" pack "$part"; fi
  done
  rm -rf "$folder/run" "$folder/predicted"
  step "Train on two ranks" mpi/run.sh 2 train "$RECIPE" --run-dir "$folder/run" \
    --set data.train="$folder/shards/train" --set data.val="$folder/shards/val"
  checkpoint=$(find "$folder/run" -name '*best*' -print | sort | head -1)
  step "Evaluate" mpi/run.sh 2 eval --weights "$checkpoint" --data "$folder/shards/val"
  mapfile -t images < <(head -20 "$folder/pictures/val.txt" | sed "s#^#$folder/pictures/images/#")
  step "Predict" mpi/run.sh 1 predict --weights "$checkpoint" --out "$folder/predicted" "${images[@]}"
  report
}

step() { # TITLE COMMAND…
  printf '\n== %s\n' "$1"
  "${@:2}"
}

is_built() { [[ -r $JAR && -z $(find pom.xml src/main -newer "$JAR" -print -quit) ]]; }

pack() { # train or val
  mpi/run.sh 1 pack --format yolo --images "$folder/pictures/images" --annotations "$folder/pictures/labels" \
    --split "$folder/pictures/$1.txt" --names "$folder/pictures/names.txt" --out "$folder/shards/$1"
}

report() {
  printf '\n== Done in %d min %02d s, without downloads and build\n' $((SECONDS / 60)) $((SECONDS % 60))
  echo "images with boxes  $folder/predicted"
  echo "page of the run    $folder/run/index.html"
  echo "log                $folder/run/train.log"
  echo "checkpoint         $checkpoint"
}

main
