#!/usr/bin/env bash
# Packs images with YOLO label files into shards.
set -euo pipefail
# shellcheck source=data-prep/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

usage() {
  cat <<'END'
usage: data-prep/yolo.sh SOURCE OUT [NAMES]

Packs images with YOLO label files into OUT/train and OUT/val. Run it again at any time: it skips what is already
there.

arguments:
  SOURCE      .tar or .zip as downloaded, or a folder, in one of these layouts:
                images/train, images/val, labels/train, labels/val
                train/images, train/labels, val (or valid)/images, val (or valid)/labels
                images, labels, train.txt, val.txt
  OUT         folder to make; an archive is unpacked into OUT/source
  NAMES       file with one class name per line
              (default names.txt, classes.txt, obj.names or data.yaml in SOURCE)

options:
  -h, --help  print this text

example:
  data-prep/yolo.sh my-data.zip data/mine
END
}

check_arguments 2 3 "$@"

out=$2
mkdir -p -- "$out"
unpack "$1" "$out/source"
data=$unpacked
# Many archives have a single folder at the top.
shopt -s nullglob
entries=("$data"/*)
if ((${#entries[@]} == 1)) && [[ -d ${entries[0]} ]]; then
  data=${entries[0]}
fi

names=${3:-}
if [[ -z $names ]]; then
  names=$(first_file "$data/names.txt" "$data/classes.txt" "$data/obj.names" "$data/data.yaml") ||
    fail "$data: found no names.txt, classes.txt, obj.names or data.yaml;" \
      "give a file with one class name per line as NAMES"
fi

for split in train val; do
  if [[ -d $data/images/$split ]]; then
    place=(--images "$data/images/$split" --annotations "$data/labels/$split")
  elif [[ -f $data/$split.txt ]]; then
    place=(--images "$data/images" --annotations "$data/labels" --split "$data/$split.txt")
  else
    folder=$data/$split
    [[ -d $folder/images ]] || folder=${folder/%val/valid}
    [[ -d $folder/images ]] || fail "$data: found no images of '$split' in the known layouts; see --help"
    place=(--images "$folder/images" --annotations "$folder/labels")
  fi
  pack_once "$out/$split" --format yolo "${place[@]}" --names "$names"
done
next_step "$out"
