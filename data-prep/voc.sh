#!/usr/bin/env bash
# From a Pascal VOC download to shards.
set -euo pipefail
# shellcheck source=data-prep/steps.sh
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

usage() {
    cat <<'EOF'
usage: data-prep/voc.sh SOURCE OUT [TRAIN_LIST VAL_LIST [TEST_LIST]]

Packs Pascal VOC data into OUT/train and OUT/val, and OUT/test where a list is given for it.

  SOURCE      .tar or .zip as downloaded, or a folder; somewhere in it are Annotations/, JPEGImages/ and ImageSets/Main/
  OUT         folder to make; an archive is unpacked into OUT/source
  TRAIN_LIST  list in ImageSets/Main, without .txt (default train)
  VAL_LIST    list in ImageSets/Main, without .txt (default val)
  TEST_LIST   list in ImageSets/Main, without .txt (default none)

Class names come from names.txt beside Annotations/, otherwise from the annotations, sorted, into OUT/names.txt.
EOF
}

check_arguments 2 5 "$@"
if (($# == 3)); then # lists come at least in pairs
    usage >&2
    exit 2
fi

# The first name in each object is its class; the names after it are those of parts.
names_in() {
    find "$1" -name '*.xml' -print0 | sort -z | xargs -0 cat -- | tr -d '\r' | tr '<' '\n' |
        awk -F'>' '$1 == "object" { open = 1 } $1 == "name" && open { print $2; open = 0 }' | sort -u
}

out=$2
mkdir -p -- "$out"
unpack "$1" "$out/source"

mapfile -d '' -t found < <(find -L "$unpacked" -type d -name JPEGImages -print0 | sort -z)
((${#found[@]} == 1)) ||
    fail "$unpacked: found ${#found[@]} folders named JPEGImages, expected one; give the one to take: ${found[*]%/JPEGImages}"
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
