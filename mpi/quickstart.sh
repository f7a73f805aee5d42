#!/usr/bin/env bash
# From a fresh clone to pictures with predicted boxes: set-up, build, a data set that the project draws itself,
# packing, training yolov3-tiny on two CPU ranks, evaluation, prediction. Run it again to train anew: pictures and
# shards that are there are kept.
#
#   mpi/quickstart.sh [DIR]        DIR: where everything goes; default: runs/quickstart
set -euo pipefail

if [[ ${1:-} == -* ]] || (($# > 1)); then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
fi
folder=$(realpath -m "${1:-$(dirname "$0")/../runs/quickstart}")
cd "$(dirname "$0")/.."
readonly JAR=target/yolo-mpi.jar RECIPE=src/recipes/shapes-tiny.toml

main() {
  step "Set-up" mpi/setup.sh
  if ! is_built; then step "Build" mvn -B -q -DskipTests package; fi
  SECONDS=0 # the time that counts: without downloads
  # A step that was cut off left no complete folder: shapes and pack write beside it and rename.
  if [[ ! -d $folder/pictures ]]; then
    step "Draw coloured shapes" mpi/run.sh 1 shapes --out "$folder/pictures" --images 1000 --val-images 200 --size 320 --seed 1
  fi
  for part in train val; do
    if [[ ! -d $folder/shards/$part ]]; then step "Pack the $part pictures" pack "$part"; fi
  done
  rm -rf "$folder/run" "$folder/predicted"
  step "Train on two ranks" mpi/run.sh 2 train "$RECIPE" --run-dir "$folder/run" \
    --set data.train="$folder/shards/train" --set data.val="$folder/shards/val"
  checkpoint=$(find "$folder/run" -name '*best*' -print | sort | head -1)
  step "Evaluate" mpi/run.sh 2 eval --weights "$checkpoint" --data "$folder/shards/val"
  mapfile -t pictures < <(head -20 "$folder/pictures/val.txt" | sed "s#^#$folder/pictures/images/#")
  step "Predict" mpi/run.sh 1 predict --weights "$checkpoint" --out "$folder/predicted" "${pictures[@]}"
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
  printf '\n== Done in %d min %02d s, downloads and build not counted\n' $((SECONDS / 60)) $((SECONDS % 60))
  echo "pictures with boxes  $folder/predicted"
  echo "page of the run      $folder/run/index.html"
  echo "log                  $folder/run/train.log"
  echo "checkpoint           $checkpoint"
}

main
