#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2154
# The parts that mpi/setup.sh looks for; setup.sh sources this file and sets $MPI_JAR and $JHDF5_JAR.
set -euo pipefail

readonly SYSTEM_PARTS=(jdk maven openmpi mpi_jar_or_xz jhdf5 fonts)
declare -A PACKAGES=(
  [jdk]="openjdk-17-jdk-headless"
  [maven]="maven"
  [openmpi]="openmpi-bin libopenmpi-dev openssh-client"
  [mpi_jar_or_xz]="xz-utils"
  [jhdf5]="libsis-jhdf5-java libsis-jhdf5-jni"
  [fonts]="fontconfig fonts-dejavu-core"
  [tcmalloc]="libtcmalloc-minimal4"
)
declare -A HINTS=(
  [jdk]="JDK 17 or newer: load a Java 17 module (module spider Java), or unpack a JDK 17 archive, such as
      Temurin's, in your home; then set JAVA_HOME and put its bin first on PATH."
  [maven]="Maven 3.6.3 or newer: module load Maven, or unpack apache-maven-3.9.*-bin.tar.gz in your home
      and put its bin on PATH."
  [openmpi]="Open MPI 4.1 or 5.0 with Java bindings: module load OpenMPI; ompi_info must print
      'Java bindings: yes'. Otherwise build it with Java bindings:
      ./configure --enable-mpi-java (needs JAVA_HOME); Spack: spack install openmpi+java;
      EasyBuild: add --enable-mpi-java to configopts of the OpenMPI easyconfig."
  [mpi_jar_or_xz]="mpi.jar, or xz to unpack Open MPI's sources and build it: mpi/setup.sh --mpi-jar PATH"
  [jhdf5]="JHDF5 19.04: download sis-jhdf5-19.04.1.zip from the SIS division of ETH Zurich and pass its
      'batteries included' jar, which holds the native libraries:
      mpi/setup.sh --jhdf5-jar sis-jhdf5-batteries_included.jar"
  [fonts]="A font that Java can draw with: libfontconfig.so.1 and a TrueType font
      (packages fontconfig and fonts-dejavu-core)."
)
declare -A VERSION PLACE # of each part that was found

found() { VERSION[$1]=$2 PLACE[$1]=$3; }

# Each find_ function records version and place of its part, or fails.

find_system_parts() {
  MISSING=()
  local part
  for part in "${SYSTEM_PARTS[@]}"; do "find_$part" || MISSING+=("$part"); done
}

find_jdk() {
  local javac home settings version
  javac=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}javac") || return 1
  home=$(dirname "$(dirname "$(readlink -f "$javac")")")
  settings=$("$home/bin/java" -XshowSettings:properties -version 2>&1) || return 1
  JAVA_LIBRARY_PATH=$(awk '/ = / { inside = /java.library.path = /; sub(/.* = /, "") } inside { print $1 }' \
    <<<"$settings")
  version=$(sed -n 's/^ *java.version = //p' <<<"$settings")
  ((${version%%[.+-]*} >= 17)) && found jdk "$version" "$home"
}

find_maven() {
  local mvn
  mvn=$(command -v mvn) &&
    found maven "$(mvn -B --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')" "$mvn"
}

find_openmpi() {
  local info
  { command -v mpirun && command -v ompi_info; } >/dev/null || return 1
  info=$(ompi_info --parsable)
  OPENMPI_LIB=$(sed -n '/^path:libdir:/{s///p;q}' <<<"$info")
  OPENMPI_PREFIX=$(sed -n '/^path:prefix:/{s///p;q}' <<<"$info")
  grep -q '^bindings:java:yes' <<<"$info" && place_of libmpi_java.so >/dev/null &&
    found openmpi "$(sed -n 's/^ompi:version:full://p' <<<"$info")" "$(command -v mpirun)"
}

# Prefers Open MPI's own jar. Debian ships none, and its sources are packed with xz.
find_mpi_jar_or_xz() {
  local candidate
  if [[ -z $MPI_JAR && ! -r $(installed_jar mpi) ]]; then
    for candidate in "${OPENMPI_LIB:-}"/mpi.jar "${OPENMPI_PREFIX:-}"/lib{,64}/mpi.jar; do
      if [[ -r $candidate ]]; then MPI_JAR=$candidate && return; fi
    done
    command -v xz >/dev/null
  fi
}

find_jhdf5() {
  local jar=${JHDF5_JAR:-$(installed_jar jhdf5)}
  [[ -r $jar ]] || jar=/usr/share/java/sis-jhdf5.jar
  [[ -r $jar ]] && { holds_native_libraries "$jar" || place_of libsis-jhdf5.so >/dev/null; }
}

find_fonts() {
  local pattern library="" font
  for pattern in '/usr/lib*/libfontconfig.so.1' '/usr/lib/*/libfontconfig.so.1' '/lib*/libfontconfig.so.1'; do
    if [[ -z $library ]]; then library=$(compgen -G "$pattern" | head -1) || true; fi
  done
  [[ -n $library ]] || return 1
  font=$(find /usr/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -name '*.[to]tf' -print -quit 2>/dev/null) ||
    true
  [[ -n $font ]] && found fonts "$(version_of "$library")" "$font"
}

find_tcmalloc() {
  local library
  library=$(find /usr/lib /usr/lib64 -name 'libtcmalloc_minimal.so.4' -print -quit 2>/dev/null) || true
  [[ -n $library ]] && found tcmalloc "$(version_of "$library")" "$library"
}

# The version in the name of the file that a library links to.
version_of() { basename "$(readlink -f "$1")" | sed 's/.*\.so\.//'; } # LIBRARY

# Such a jar unpacks its libraries itself. A jar's list of names is plain text between compressed files.
holds_native_libraries() { LC_ALL=C grep -aq 'native/[A-Za-z0-9_/-]*\.so' "$1"; } # JAR

# Where a native library is, even if Java does not search that folder.
place_of() { # LIBRARY
  local place
  place=$(find_in "$JAVA_LIBRARY_PATH"$'\n'"${OPENMPI_LIB:-}"$'\n'"${OPENMPI_PREFIX:-}/lib"$'\n/usr/lib/jni' "$1")
  [[ -n $place ]] && echo "$place"
}

find_in() { # FOLDERS (one a line) FILE
  local folder
  while read -r folder; do
    if [[ -r $folder/$2 ]]; then echo "$folder/$2" && return; fi
  done <<<"$1"
}
