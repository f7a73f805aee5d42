#!/usr/bin/env bash
# Installs or finds what yolo-mpi needs and Maven cannot fetch.
set -euo pipefail
# shellcheck source=mpi/setup-parts.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup-parts.sh"

usage() {
  cat <<'END'
usage: mpi/setup.sh [--mpi-jar PATH] [--jhdf5-jar PATH] [--gpu [--cuda-home DIR | --nvidia-wheels SITE_PACKAGES]]

Installs or finds what yolo-mpi needs and Maven cannot fetch: JDK 17, Maven, Open MPI with its Java bindings,
JHDF5, fonts, tcmalloc. Run it as often as you like: it keeps what is already there.
It puts both jars into the local Maven repository, as local.yolo-mpi:mpi:1 and local.yolo-mpi:jhdf5:1.

options:
  --mpi-jar PATH     Open MPI's mpi.jar; default: lib/mpi.jar of the mpirun on your PATH, otherwise built from
                     Debian's source package
  --jhdf5-jar PATH   JHDF5's jar; default: Debian's libsis-jhdf5-java
  --gpu              also find NVIDIA's libraries with mpi/gpu/nvidia.sh
  --cuda-home DIR, --nvidia-wheels SITE_PACKAGES
                     after --gpu: passed to mpi/gpu/nvidia.sh
  -h, --help         print this text

example:
  mpi/setup.sh --mpi-jar /opt/openmpi/lib/mpi.jar
END
}

main() {
  parse "$@"
  find_system_parts
  if ((${#MISSING[@]})) && can_install; then install_packages "${MISSING[@]}" && find_system_parts; fi
  if ((${#MISSING[@]})); then report_missing "${MISSING[@]}"; fi
  provide_mpi_jar
  provide_jhdf5_jar
  check_library_path
  summarize
  if $GPU; then "$(dirname "$0")/gpu/nvidia.sh" "${NVIDIA[@]}"; fi
}

parse() {
  MPI_JAR="" JHDF5_JAR="" JAVA_LIBRARY_PATH="" GPU=false NVIDIA=()
  while (($#)); do
    case "$1" in
      --mpi-jar) check_jar_argument "$@" && MPI_JAR=$(realpath "$2") && shift 2 ;;
      --jhdf5-jar) check_jar_argument "$@" && JHDF5_JAR=$(realpath "$2") && shift 2 ;;
      --gpu) GPU=true && shift ;;
      --cuda-home | --nvidia-wheels) check_folder_argument "$@" && NVIDIA+=("$1" "$(realpath "$2")") && shift 2 ;;
      -h | --help) usage && exit 0 ;;
      *) usage_error "unknown argument $1" ;;
    esac
  done
}

check_jar_argument() { # OPTION PATH
  (($# >= 2)) || usage_error "$1 needs the path of a jar"
  [[ -f $2 && -r $2 ]] || usage_error "$1 $2: no such file, or it is not readable"
}

check_folder_argument() { # OPTION FOLDER
  if ! $GPU || [[ ! -d ${2:-} ]]; then usage_error "$1 ${2:-}: expected an existing folder, after --gpu"; fi
}

usage_error() { echo "setup.sh: $*; see mpi/setup.sh --help" >&2 && exit 2; }
fail() { echo "setup.sh: $*" >&2 && exit 1; }

# ---- Debian packages ----

install_packages() { # PART …
  local part packages=("${PACKAGES[tcmalloc]}")
  # shellcheck disable=SC2206 # lists of packages
  for part in "$@"; do packages+=(${PACKAGES[$part]}); done
  echo "setup.sh: installing ${packages[*]} (about a minute)"
  make_work_folder
  if ! { as_root apt-get update && as_root apt-get install -y --no-install-recommends "${packages[@]}"; } \
    >"$WORK/apt.log" 2>&1; then
    tail -20 "$WORK/apt.log" >&2
    echo "setup.sh: apt-get could not install all of them (see above)" >&2
  fi
  hash -r
}

can_install() { command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; }

as_root() {
  local root=()
  ((EUID == 0)) || root=(sudo -n)
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive "$@"
}

report_missing() {
  {
    echo "setup.sh: these parts are missing, and this script could not install them$(why_not):"
    for part in "$@"; do
      printf '\n  %s\n      Debian: %s\n' "${HINTS[$part]}" "${PACKAGES[$part]}"
    done
    if [[ " $* " == *" jdk "* && -n ${JAVA_HOME:-} ]]; then
      printf '\n  JAVA_HOME is set to %s, which has no JDK 17 or newer: unset or change it.\n' "$JAVA_HOME"
    fi
    printf '\nThen run mpi/setup.sh again.\n'
  } >&2
  exit 1
}

why_not() {
  if ! command -v apt-get >/dev/null; then
    echo " (no apt-get here)"
  elif ! can_install; then
    echo " (you are not root, and sudo is missing or asks for a password)"
  fi
}

# ---- the two jars ----

provide_mpi_jar() {
  if [[ -z $MPI_JAR && ! -r $(installed_jar mpi) ]]; then build_mpi_jar; fi
  install_jar mpi "$MPI_JAR" mpi/Comm.class
  found mpi_jar "$(fingerprint "$(installed_jar mpi)")" "$(installed_jar mpi)"
}

build_mpi_jar() {
  if [[ ${PLACE[openmpi]} != /usr/bin/mpirun ]] || ! dpkg-query -W openmpi-bin >/dev/null 2>&1; then
    fail "found no mpi.jar in $OPENMPI_LIB, and cannot build it: ${PLACE[openmpi]} is not Debian's Open MPI." \
      "Find mpi.jar where your Open MPI was installed with --enable-mpi-java, and pass it: mpi/setup.sh --mpi-jar PATH"
  fi
  make_work_folder
  MPI_JAR=$WORK/mpi.jar
  JAVA_HOME=${PLACE[jdk]} "$(dirname "$0")/developer/build-mpi-jar.sh" "$MPI_JAR" ||
    fail "mpi.jar was not built (see above). If you have an mpi.jar: mpi/setup.sh --mpi-jar PATH"
}

provide_jhdf5_jar() {
  local jar
  jar=$(installed_jar jhdf5)
  if [[ -z $JHDF5_JAR && ! -r $jar ]]; then
    make_work_folder
    JHDF5_JAR=$WORK/jhdf5.jar
    (
      mkdir "$WORK/jhdf5" && cd "$WORK/jhdf5"
      "${PLACE[jdk]}/bin/jar" --extract --file /usr/share/java/sis-base.jar
      "${PLACE[jdk]}/bin/jar" --extract --file /usr/share/java/sis-jhdf5.jar
      rm -rf META-INF
      "${PLACE[jdk]}/bin/jar" --create --file "$JHDF5_JAR" .
    )
  fi
  install_jar jhdf5 "$JHDF5_JAR" ch/systemsx/cisd/hdf5/HDF5Factory.class
  found jhdf5 "$(fingerprint "$jar")" "$jar"
}

# Copies the jar to its place in the local repository, as Maven's install-file does, without starting Maven.
install_jar() { # ARTIFACT JAR CLASS-IN-IT; JAR may be empty
  local target
  target=$(installed_jar "$1")
  if [[ -z $2 ]] || cmp -s "$2" "$target"; then return; fi
  jar_lists "$2" "$3" || fail "$2 is not the right jar: it has no $3"
  mkdir -p "$(dirname "$target")"
  cat >"${target%.jar}.pom" <<END
<project><modelVersion>4.0.0</modelVersion><groupId>local.yolo-mpi</groupId><artifactId>$1</artifactId>\
<version>1</version></project>
END
  cp "$2" "$target.new" && mv "$target.new" "$target"
}

installed_jar() { echo "$(maven_repository)/local/yolo-mpi/$1/1/$1-1.jar"; }

maven_repository() {
  local home options="${MAVEN_OPTS:-} ${MAVEN_ARGS:-}"
  home=$(getent passwd "$EUID" | cut -d: -f6) # Java's user.home ignores HOME
  if [[ $options =~ -Dmaven\.repo\.local=([^ ]+) ]]; then
    echo "${BASH_REMATCH[1]}"
  elif [[ -r $home/.m2/settings.xml &&
    $(<"$home/.m2/settings.xml") =~ \<localRepository\>([^<$]+)\</localRepository\> ]]; then
    echo "${BASH_REMATCH[1]}"
  else
    echo "${home:-$HOME}/.m2/repository"
  fi
}

fingerprint() { echo "sha256 $(sha256sum "$1" | cut -c1-12)"; }
jar_lists() { [[ $("${PLACE[jdk]}/bin/jar" --list --file "$1" 2>/dev/null) == *"$2"* ]]; }

make_work_folder() {
  if [[ -z ${WORK:-} ]]; then
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
  fi
}

# ---- does java find the native libraries? ----

check_library_path() {
  local library libraries=(libmpi_java.so)
  holds_native_libraries "$(installed_jar jhdf5)" || libraries+=(libsis-jhdf5.so libcisd_nativedata.so libcisd_unix.so)
  for library in "${libraries[@]}"; do
    if [[ -z $(find_in "$JAVA_LIBRARY_PATH" "$library") ]]; then explain_library_path "$library"; fi
  done
}

explain_library_path() { # LIBRARY
  local folder
  folder=$(dirname "$(place_of "$1")") ||
    fail "found no $1; it is part of Debian's libsis-base-jni and libsis-jhdf5-jni"
  fail "${PLACE[jdk]}/bin/java does not find $1 in $folder. Put this into your job script or ~/.bashrc:" \
    "export LD_LIBRARY_PATH=$folder\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
}

summarize() {
  VERSION[tcmalloc]="not found" \
    PLACE[tcmalloc]="(optional: libtcmalloc-minimal4 makes training on CPUs up to 1.3 times faster)"
  find_tcmalloc || true
  local -A titles=(
    [jdk]=JDK [maven]=Maven [openmpi]="Open MPI" [mpi_jar]=mpi.jar [jhdf5]=JHDF5 [fonts]=fontconfig [tcmalloc]=tcmalloc
  )
  for part in jdk maven openmpi mpi_jar jhdf5 fonts tcmalloc; do
    printf '%-11s %-20s %s\n' "${titles[$part]}" "${VERSION[$part]}" "${PLACE[$part]}"
  done
}

main "$@"
