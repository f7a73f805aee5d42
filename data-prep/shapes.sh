#!/usr/bin/env bash
# Draws the synthetic data set and packs it.
set -euo pipefail
# shellcheck source=data-prep/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

usage() {
    cat <<'EOF'
usage: data-prep/shapes.sh OUT [IMAGES [VAL_IMAGES [SIZE [SEED]]]]

Draws coloured shapes on textured grounds into OUT/source and packs them into OUT/train and OUT/val.

  OUT         folder to make
  IMAGES      pictures to train on (default 1000)
  VAL_IMAGES  pictures to evaluate on (default 200)
  SIZE        edge of the pictures in pixels (default 320)
  SEED        the same seed draws the same pictures (default 0)
EOF
}

check_arguments 1 5 "$@"

out=$1
source_dir="$out/source"
mkdir -p -- "$out"
if [[ -f $source_dir/names.txt ]]; then
    echo "$source_dir is there, not drawn again"
else
    yolo_mpi shapes --out "$source_dir" --images "${2:-1000}" --val-images "${3:-200}" --size "${4:-320}" --seed "${5:-0}"
fi
for split in train val; do
    pack_once "$out/$split" --format yolo --images "$source_dir/images" --annotations "$source_dir/labels" \
        --split "$source_dir/$split.txt" --names "$source_dir/names.txt"
done
next_step "$out"
