#!/usr/bin/env bash
# Compiles Open MPI's Java classes, which Debian does not ship, into a jar.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/developer/build-mpi-jar.sh OUT.jar

Compiles Open MPI's Java classes into OUT.jar, from Debian's source package openmpi in the installed version.
Debian ships libmpi_java.so without the classes that call it. Needs no root. mpi/setup.sh calls this script.

options:
  -h, --help  print this text

example:
  mpi/developer/build-mpi-jar.sh /tmp/mpi.jar
END
}

usage_error() { echo "build-mpi-jar.sh: $*; see mpi/developer/build-mpi-jar.sh --help" >&2 && exit 2; }

main() {
  local out source
  case ${1:-} in
    -h | --help) usage && exit ;;
    -*) usage_error "unknown option $1" ;;
  esac
  (($# == 1)) || usage_error "found $# arguments, expected OUT.jar"
  out=$(realpath "$1")
  source=$(dpkg-query -W -f '${source:Version}' openmpi-bin)
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  cd "$WORK"
  echo "build-mpi-jar.sh: building mpi.jar from Debian's source package openmpi $source"
  write_source_lists
  if ! { private_apt update && private_apt source --download-only --tar-only "openmpi=$source"; } >apt.log 2>&1; then
    cat apt.log >&2
    echo "build-mpi-jar.sh: the source package openmpi $source could not be downloaded (see above)" >&2
    exit 1
  fi
  tar -xf openmpi_*.orig.tar.* --wildcards --strip-components=5 '*/ompi/mpi/java/java/*.java'
  mkdir classes
  "${JAVA_HOME:+$JAVA_HOME/bin/}javac" -nowarn -Xlint:none --release 17 -d classes ./*.java
  "${JAVA_HOME:+$JAVA_HOME/bin/}jar" --create --file "$out" -C classes .
}

# Turns the machine's apt entries that provided Open MPI, in both formats, into entries for sources.
write_source_lists() {
  local uri
  uri=$(apt-cache madison openmpi-bin |
    awk -F' *[|] *' '{ split($3, at, " "); sub("/$", "", at[1]); print at[1]; exit }')
  mkdir sources
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk -v uri="$uri" '/^deb[ \t]/ && index($0, uri) { sub(/^deb/, "deb-src"); print }' >sources/openmpi.list || true
  awk -v uri="$uri" \
    'BEGIN { RS = ""; ORS = "\n\n" } index($0, uri) { sub(/Types:[^\n]*/, "Types: deb-src"); print }' \
    /dev/null /etc/apt/sources.list.d/*.sources >sources/openmpi.sources 2>/dev/null || true
}

# apt-get with its own lists and caches: it does not touch the machine's and needs no root.
private_apt() {
  mkdir -p lists/partial cache/archives/partial
  apt-get -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$WORK/sources" \
    -o Dir::State::lists="$WORK/lists" -o Dir::Cache="$WORK/cache" -o APT::Sandbox::User="$(id -un)" -qq "$@"
}

main "$@"
