#!/usr/bin/env bash
# Draws the synthetic data set and packs it into shards.
set -euo pipefail
# shellcheck source=data-prep/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

usage() {
  cat <<'END'
usage: data-prep/shapes.sh OUT [IMAGES [VAL_IMAGES [SIZE [SEED]]]]

Draws colored shapes on textured backgrounds into OUT/source and packs them into OUT/train and OUT/val.
Run it again at any time: it skips what is already there.

arguments:
  OUT         folder to make
  IMAGES      training images (default 1000)
  VAL_IMAGES  validation images (default 200)
  SIZE        edge of the images in pixels (default 320)
  SEED        the same seed draws the same images (default 0)

options:
  -h, --help  print this text

example:
  data-prep/shapes.sh data/shapes
END
}

check_arguments 1 5 "$@"

out=$1
source_dir="$out/source"
mkdir -p -- "$out"
if [[ -f $source_dir/names.txt ]]; then
  echo "$source_dir exists: skipped drawing"
else
  yolo_mpi shapes --out "$source_dir" --images "${2:-1000}" --val-images "${3:-200}" --size "${4:-320}" \
    --seed "${5:-0}"
fi
for split in train val; do
  pack_once "$out/$split" --format yolo --images "$source_dir/images" --annotations "$source_dir/labels" \
    --split "$source_dir/$split.txt" --names "$source_dir/names.txt"
done
next_step "$out"
