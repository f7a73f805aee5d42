#!/usr/bin/env bash
# Packs a Pascal VOC download into shards.
set -euo pipefail
# shellcheck source=data-prep/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

usage() {
  cat <<'END'
usage: data-prep/voc.sh SOURCE OUT [TRAIN_LIST VAL_LIST [TEST_LIST]]

Packs Pascal VOC data into OUT/train and OUT/val and, with TEST_LIST, into OUT/test.
Class names come from names.txt beside Annotations/. Without it they come from the annotations, sorted, and are
written to OUT/names.txt. Run it again at any time: it skips what is already there.

arguments:
  SOURCE      .tar or .zip as downloaded, or a folder, with Annotations/, JPEGImages/ and ImageSets/Main/
              at any depth
  OUT         folder to make; an archive is unpacked into OUT/source
  TRAIN_LIST  list in ImageSets/Main, without .txt (default train)
  VAL_LIST    list in ImageSets/Main, without .txt (default val)
  TEST_LIST   list in ImageSets/Main, without .txt (default none)

options:
  -h, --help  print this text

example:
  data-prep/voc.sh VOCtrainval_11-May-2012.tar data/voc2012
END
}

check_arguments 2 5 "$@"
if (($# == 3)); then usage_error "found TRAIN_LIST without VAL_LIST"; fi

# names_in FOLDER: prints the class names. The first name in an object is its class; later names are those of parts.
names_in() {
  find "$1" -name '*.xml' -print0 | sort -z | xargs -0 cat -- | tr -d '\r' | tr '<' '\n' |
    awk -F'>' '$1 == "object" { open = 1 } $1 == "name" && open { print $2; open = 0 }' | sort -u
}

out=$2
mkdir -p -- "$out"
unpack "$1" "$out/source"

mapfile -d '' -t found < <(find -L "$unpacked" -type d -name JPEGImages -print0 | sort -z)
((${#found[@]} == 1)) ||
  fail "$unpacked: found ${#found[@]} folders JPEGImages, expected one; give the folder of one: ${found[*]%/JPEGImages}"
voc=${found[0]%/JPEGImages}

if ! names=$(first_file "$voc/names.txt" "$out/names.txt"); then
  names="$out/names.txt"
  names_in "$voc/Annotations" >"$names.unfinished"
  mv -- "$names.unfinished" "$names"
fi

lists=("${3:-train}" "${4:-val}" "${@:5}")
splits=(train val test)
for i in "${!lists[@]}"; do
  pack_once "$out/${splits[i]}" --format voc --images "$voc/JPEGImages" --annotations "$voc/Annotations" \
    --split "$voc/ImageSets/Main/${lists[i]}.txt" --names "$names"
done
next_step "$out"
