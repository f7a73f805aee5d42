#!/usr/bin/env bash
# Runs every test there is: set-up, then mvn verify (formatter, lints, all tests, on real ranks and a real Slurm), and sums up
# what failed, what was skipped and what took longest. A failure does not keep the other tests from running.
#
#   mpi/verify.sh [CLASS…] [-DNAME=VALUE…]
#
#   CLASS   run these test classes alone, for example '*NmsTest' ResumeTest
#
# All output is in target/verify.log; what the ranks of failed tests wrote is in target/rank-logs.
set -euo pipefail
if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
  exit
fi
cd "$(dirname "$0")/.."

main() {
  SECONDS=0
  mpi/setup.sh
  install_what_tests_compare_with
  rm -rf target/surefire-reports target/failsafe-reports target/rank-logs target/verify.log
  mkdir -p target
  local build=0 tests=0
  verify || build=$?
  # Where the JVM of a unit test ends, Maven stops before the other tests.
  if ((build)) && [[ -d target/surefire-reports && ! -d target/failsafe-reports ]]; then verify -DskipUnitTests=true || true; fi
  summarize || tests=$?
  if ((build)); then echo "verify.sh: the build failed: see the lines with ERROR above, or in target/verify.log"; fi
  echo "verify.sh: $((SECONDS / 60)) min $((SECONDS % 60)) s in all"
  if ((build || tests)); then exit 1; fi
}

verify() { mvn -B verify -Dmaven.test.failure.ignore=true "${options[@]}" "$@" 2>&1 | tee -a target/verify.log; }

# The names of classes go to both plugins that run tests.
parse() {
  options=()
  local classes="" argument
  for argument in "$@"; do
    case $argument in
      -Dtest=*) classes+=",${argument#*=}" ;;
      -D*) options+=("$argument") ;;
      [A-Z*]*) classes+=",$argument" ;;
      *) echo "verify.sh: $argument: expected the name of a test class, such as ResumeTest or '*NmsTest', or -DNAME=VALUE" >&2 && exit 2 ;;
    esac
  done
  if [[ -n $classes ]]; then
    options+=("-Dtest=${classes#,}" "-Dit.test=${classes#,}" -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false)
  fi
}

# Where one can't be had its tests are skipped, and say so.
install_what_tests_compare_with() {
  if ((EUID == 0)) && command -v apt-get >/dev/null; then
    install darknet darknet
    install shellcheck shellcheck
    install slurmctld slurm-wlm munge
    python3 -c 'import ensurepip' 2>/dev/null || install "" python3-venv
  fi
  if ! python3 -c 'import pycocotools' 2>/dev/null && [[ ! -x target/pycocotools/bin/python ]]; then
    { python3 -m venv target/pycocotools && target/pycocotools/bin/pip install --quiet pycocotools==2.0.11; } >/dev/null 2>&1 ||
      { rm -rf target/pycocotools && echo "verify.sh: no pycocotools here; its test will be skipped" >&2; }
  fi
}

install() { # PROGRAM PACKAGE...
  if [[ -n $1 ]] && command -v "$1" >/dev/null; then return; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${@:2}" >/dev/null ||
    echo "verify.sh: no $2 here; its tests will be skipped" >&2
}

summarize() {
  if [[ -f target/test-classes/yolompi/TestSummary.class ]]; then
    "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp target/test-classes yolompi.TestSummary target
  else
    echo "verify.sh: no test ran"
    return 1
  fi
}

parse "$@"
main
