#!/usr/bin/env bash
# Packs COCO's downloads into shards.
set -euo pipefail
# shellcheck source=data-prep/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

usage() {
  cat <<'END'
usage: data-prep/coco.sh SOURCE OUT [YEAR]

Packs COCO's detection data into OUT/train and OUT/val. Run it again at any time: it skips what is already there.

arguments:
  SOURCE      folder with trainYEAR.zip, valYEAR.zip and annotations_trainvalYEAR.zip as downloaded,
              or with trainYEAR/, valYEAR/ and annotations/ as unpacked
  OUT         folder to make; archives are unpacked below OUT/source
  YEAR        year of the data set (default 2017)

options:
  -h, --help  print this text

example:
  data-prep/coco.sh Downloads data/coco
END
}

check_arguments 2 3 "$@"

download=$1
out=$2
year=${3:-2017}
[[ -d $download ]] || fail "$download: found no such folder; give the folder with COCO's downloads"
mkdir -p -- "$out/source"

# part NAME ARCHIVE: sets $part to the folder NAME, from the download folder or from the archive.
part() {
  if [[ -d $download/$1 ]]; then
    part=$download/$1
  else
    unpack "$download/$2.zip" "$out/source/$2"
    part=$unpacked/$1
  fi
}

part annotations "annotations_trainval$year"
annotations=$part
for split in train val; do
  part "$split$year" "$split$year"
  pack_once "$out/$split" --format coco --images "$part" --annotations "$annotations/instances_$split$year.json"
done
next_step "$out"
