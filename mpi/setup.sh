#!/usr/bin/env bash
# Brings what building and running yolo-mpi needs and Maven cannot fetch: JDK 17, Maven, Open MPI with its
# Java bindings, JHDF5, fonts, tcmalloc. Run it as often as you like: what is there stays as it is.
#
#   mpi/setup.sh [--mpi-jar PATH] [--jhdf5-jar PATH] [--gpu [--cuda-home DIR | --nvidia-wheels SITE_PACKAGES]]
#
#   --mpi-jar PATH     Open MPI's mpi.jar; default: lib/mpi.jar of the mpirun on your PATH, else built from
#                      Debian's source package
#   --jhdf5-jar PATH   JHDF5's jar; default: Debian's libsis-jhdf5-java
#   --gpu              also find the libraries of NVIDIA, by mpi/gpu/nvidia.sh, which has the two options after it
#
# Both jars end in the local Maven repository as local.yolo-mpi:mpi:1 and local.yolo-mpi:jhdf5:1.
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
  [jdk]="JDK 17 or newer: module load a Java 17 module (module spider Java), or unpack a JDK 17 archive, for example
      Temurin's, in your home; then set JAVA_HOME and put its bin first on PATH."
  [maven]="Maven 3.6.3 or newer: module load Maven, or unpack apache-maven-3.9.*-bin.tar.gz in your home and put its bin on PATH."
  [openmpi]="Open MPI 4.1 or 5.0 with Java bindings: module load OpenMPI; ompi_info must say 'Java bindings: yes'. Else build it so:
      ./configure --enable-mpi-java (needs JAVA_HOME); Spack: spack install openmpi+java;
      EasyBuild: add --enable-mpi-java to configopts of the OpenMPI easyconfig."
  [mpi_jar_or_xz]="mpi.jar, or xz to unpack Open MPI's sources and build it: mpi/setup.sh --mpi-jar PATH"
  [jhdf5]="JHDF5 19.04: download sis-jhdf5-19.04.1.zip from the SIS division of ETH Zurich and pass its 'batteries included' jar,
      which holds the native libraries: mpi/setup.sh --jhdf5-jar sis-jhdf5-batteries_included.jar"
  [fonts]="A font that Java can draw with: libfontconfig.so.1 and a TrueType font (packages fontconfig and fonts-dejavu-core)."
)
declare -A VERSION PLACE # of each part that was found

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
      -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" && exit 0 ;;
      *) usage_error "unknown argument $1; valid: --mpi-jar PATH, --jhdf5-jar PATH, --gpu, --cuda-home DIR, --nvidia-wheels SITE_PACKAGES" ;;
    esac
  done
}

check_jar_argument() { # OPTION PATH …
  (($# >= 2)) || usage_error "$1 needs the path of a jar"
  [[ -f $2 && -r $2 ]] || usage_error "$1 $2: no such file, or not readable"
}

check_folder_argument() {
  if ! $GPU || [[ ! -d ${2:-} ]]; then usage_error "$1 ${2:-}: expected a folder, after --gpu"; fi
}
usage_error() { echo "setup.sh: $*" >&2 && exit 2; }
fail() { echo "setup.sh: $*" >&2 && exit 1; }
found() { VERSION[$1]=$2 PLACE[$1]=$3; }

# ---- the parts: each find_ function notes version and place, or fails ----

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
  JAVA_LIBRARY_PATH=$(awk '/ = / { inside = /java.library.path = /; sub(/.* = /, "") } inside { print $1 }' <<<"$settings")
  version=$(sed -n 's/^ *java.version = //p' <<<"$settings")
  ((${version%%[.+-]*} >= 17)) && found jdk "$version" "$home"
}

find_maven() {
  local mvn
  mvn=$(command -v mvn) && found maven "$(mvn -B --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')" "$mvn"
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

# Open MPI's own jar where it has one; Debian ships none, and its sources are packed with xz.
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
  local library font
  library=$(compgen -G '/usr/lib*/libfontconfig.so.1' || compgen -G '/usr/lib/*/libfontconfig.so.1' || compgen -G '/lib*/libfontconfig.so.1') || return 1
  font=$(find /usr/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -name '*.[to]tf' -print -quit 2>/dev/null) || true
  [[ -n $font ]] && found fonts "$(basename "$(readlink -f "${library%%$'\n'*}")" | sed 's/.*\.so\.//')" "$font"
}

find_tcmalloc() {
  local library
  library=$(find /usr/lib /usr/lib64 -name 'libtcmalloc_minimal.so.4' -print -quit 2>/dev/null) || true
  [[ -n $library ]] && found tcmalloc "$(basename "$(readlink -f "$library")" | sed 's/.*\.so\.//')" "$library"
}

# ---- Debian packages ----

install_packages() { # PART …
  local part packages=("${PACKAGES[tcmalloc]}")
  # shellcheck disable=SC2206 # lists of packages
  for part in "$@"; do packages+=(${PACKAGES[$part]}); done
  echo "setup.sh: installing ${packages[*]} (about a minute)"
  make_work_folder
  if ! { as_root apt-get update && as_root apt-get install -y --no-install-recommends "${packages[@]}"; } >"$WORK/apt.log" 2>&1; then
    tail -20 "$WORK/apt.log" >&2
    echo "setup.sh: apt-get could not install them all (see above)" >&2
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
      printf '\n  JAVA_HOME is set to %s, which holds no JDK 17 or newer: unset or change it.\n' "$JAVA_HOME"
    fi
    printf '\nThen run mpi/setup.sh again.\n'
  } >&2
  exit 1
}

why_not() {
  if ! command -v apt-get >/dev/null; then
    echo " (no apt-get here)"
  elif ! can_install; then
    echo " (you are not root, and sudo wants a password or is not there)"
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
    fail "no mpi.jar in $OPENMPI_LIB, and ${PLACE[openmpi]} is not Debian's Open MPI, whose sources could give it." \
      "Find mpi.jar where your Open MPI was installed with --enable-mpi-java, and pass it: mpi/setup.sh --mpi-jar PATH"
  fi
  make_work_folder
  MPI_JAR=$WORK/mpi.jar
  JAVA_HOME=${PLACE[jdk]} "$(dirname "$0")/developer/build-mpi-jar.sh" "$MPI_JAR" || fail "with an mpi.jar at hand: mpi/setup.sh --mpi-jar PATH"
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

# A file put at its place in the local repository is what Maven's own install-file makes, without starting Maven.
install_jar() { # ARTIFACT JAR CLASS-IN-IT; nothing to do when JAR is empty or there already
  local target
  target=$(installed_jar "$1")
  if [[ -z $2 ]] || cmp -s "$2" "$target"; then return; fi
  jar_lists "$2" "$3" || fail "$2 is not the right jar: it holds no $3"
  mkdir -p "$(dirname "$target")"
  echo "<project><modelVersion>4.0.0</modelVersion><groupId>local.yolo-mpi</groupId><artifactId>$1</artifactId><version>1</version></project>" \
    >"${target%.jar}.pom"
  cp "$2" "$target.new" && mv "$target.new" "$target"
}

installed_jar() { echo "$(maven_repository)/local/yolo-mpi/$1/1/$1-1.jar"; }

maven_repository() {
  local home options="${MAVEN_OPTS:-} ${MAVEN_ARGS:-}"
  home=$(getent passwd "$EUID" | cut -d: -f6) # Java's user.home, which HOME does not change
  if [[ $options =~ -Dmaven\.repo\.local=([^ ]+) ]]; then
    echo "${BASH_REMATCH[1]}"
  elif [[ -r $home/.m2/settings.xml && $(<"$home/.m2/settings.xml") =~ \<localRepository\>([^<$]+)\</localRepository\> ]]; then
    echo "${BASH_REMATCH[1]}"
  else
    echo "${home:-$HOME}/.m2/repository"
  fi
}

fingerprint() { echo "sha256 $(sha256sum "$1" | cut -c1-12)"; }
jar_lists() { [[ $("${PLACE[jdk]}/bin/jar" --list --file "$1" 2>/dev/null) == *"$2"* ]]; }
# Such a jar unpacks its libraries itself. A jar's list of names is plain text between its compressed files.
holds_native_libraries() { LC_ALL=C grep -aq 'native/[A-Za-z0-9_/-]*\.so' "$1"; }

make_work_folder() {
  if [[ -z ${WORK:-} ]]; then
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
  fi
}

# ---- can a plain java find the native parts? ----

check_library_path() {
  local library libraries=(libmpi_java.so)
  holds_native_libraries "$(installed_jar jhdf5)" || libraries+=(libsis-jhdf5.so libcisd_nativedata.so libcisd_unix.so)
  for library in "${libraries[@]}"; do
    if [[ -z $(find_in "$JAVA_LIBRARY_PATH" "$library") ]]; then explain_library_path "$library"; fi
  done
}

explain_library_path() { # LIBRARY
  local folder
  folder=$(dirname "$(place_of "$1")") || fail "$1 was not found; it is part of Debian's libsis-base-jni and libsis-jhdf5-jni"
  fail "${PLACE[jdk]}/bin/java does not find $1, which is in $folder. Put this into your job script or ~/.bashrc:" \
    "export LD_LIBRARY_PATH=$folder\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
}

# Where a native library is, whether Java looks there or not.
place_of() { # LIBRARY
  local place
  place=$(find_in "$JAVA_LIBRARY_PATH"$'\n'"${OPENMPI_LIB:-}"$'\n'"${OPENMPI_PREFIX:-}/lib"$'\n/usr/lib/jni' "$1")
  [[ -n $place ]] && echo "$place"
}

find_in() { # FOLDERS, one a line; FILE
  local folder
  while read -r folder; do
    if [[ -r $folder/$2 ]]; then echo "$folder/$2" && return; fi
  done <<<"$1"
}

summarize() {
  VERSION[tcmalloc]="not found" PLACE[tcmalloc]="(optional: libtcmalloc-minimal4 makes training on CPUs up to 1.3 times faster)"
  find_tcmalloc || true
  local -A titles=([jdk]=JDK [maven]=Maven [openmpi]="Open MPI" [mpi_jar]=mpi.jar [jhdf5]=JHDF5 [fonts]=fontconfig [tcmalloc]=tcmalloc)
  for part in jdk maven openmpi mpi_jar jhdf5 fonts tcmalloc; do
    printf '%-11s %-20s %s\n' "${titles[$part]}" "${VERSION[$part]}" "${PLACE[$part]}"
  done
}

main "$@"
