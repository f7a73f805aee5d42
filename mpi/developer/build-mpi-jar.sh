#!/usr/bin/env bash
# Compiles Open MPI's Java classes from Debian's source package `openmpi` of the version that is installed:
# Debian ships libmpi_java.so without the classes that call it. Needs no root; mpi/setup.sh calls it.
#
#   mpi/developer/build-mpi-jar.sh OUT.jar
set -euo pipefail

main() {
  local out source
  if [[ ${1:-} == -* ]]; then
    echo "usage: build-mpi-jar.sh OUT.jar" >&2
    exit 2
  fi
  out=$(realpath "${1:?usage: build-mpi-jar.sh OUT.jar}")
  source=$(dpkg-query -W -f '${source:Version}' openmpi-bin)
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  cd "$WORK"
  echo "build-mpi-jar.sh: building mpi.jar from Debian's source package openmpi $source"
  copy_sources_of_openmpi
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

# The entries of the machine's own configuration that gave us Open MPI (both formats), as entries for sources.
copy_sources_of_openmpi() {
  local uri
  uri=$(apt-cache madison openmpi-bin | awk -F' *[|] *' '{ split($3, at, " "); sub("/$", "", at[1]); print at[1]; exit }')
  mkdir sources
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk -v uri="$uri" '/^deb[ \t]/ && index($0, uri) { sub(/^deb/, "deb-src"); print }' >sources/openmpi.list || true
  awk -v uri="$uri" 'BEGIN { RS = ""; ORS = "\n\n" } index($0, uri) { sub(/Types:[^\n]*/, "Types: deb-src"); print }' \
    /dev/null /etc/apt/sources.list.d/*.sources >sources/openmpi.sources 2>/dev/null || true
}

# apt-get with lists and caches of its own: the machine's stay untouched, and root is not needed.
private_apt() {
  mkdir -p lists/partial cache/archives/partial
  apt-get -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$WORK/sources" -o Dir::State::lists="$WORK/lists" \
    -o Dir::Cache="$WORK/cache" -o APT::Sandbox::User="$(id -un)" -qq "$@"
}

main "$@"
