#!/usr/bin/env bash
# Runs all tests and sums up failures, skips and the slowest tests.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/verify.sh [CLASS…] [-DNAME=VALUE…]

Runs all tests: set-up, then mvn verify (formatter, lints, all tests, on real ranks and a real Slurm).
Sums up which tests failed, which were skipped and which took longest. A failure does not stop the other tests.
All output is in target/verify.log; the output of the ranks of failed tests is in target/rank-logs.

arguments:
  CLASS          run only these test classes
  -DNAME=VALUE   property for Maven

options:
  -h, --help     print this text

example:
  mpi/verify.sh '*NmsTest' ResumeTest
END
}

usage_error() { echo "verify.sh: $*; see mpi/verify.sh --help" >&2 && exit 2; }

if [[ ${1:-} == -h || ${1:-} == --help ]]; then usage && exit; fi
cd "$(dirname "$0")/.."

main() {
  SECONDS=0
  mpi/setup.sh
  install_references
  rm -rf target/surefire-reports target/failsafe-reports target/rank-logs target/verify.log
  mkdir -p target
  local build=0 tests=0
  verify || build=$?
  # If the JVM of a unit test ends, Maven stops before the other tests.
  if ((build)) && [[ -d target/surefire-reports && ! -d target/failsafe-reports ]]; then
    verify -DskipUnitTests=true || true
  fi
  summarize || tests=$?
  if ((build)); then echo "verify.sh: the build failed; see the lines with ERROR above or in target/verify.log"; fi
  echo "verify.sh: $((SECONDS / 60)) min $((SECONDS % 60)) s in total"
  if ((build || tests)); then exit 1; fi
}

verify() { mvn -B verify -Dmaven.test.failure.ignore=true "${options[@]}" "$@" 2>&1 | tee -a target/verify.log; }

# Class names go to both plugins that run tests.
parse() {
  options=()
  local classes="" argument
  for argument in "$@"; do
    case $argument in
      -Dtest=*) classes+=",${argument#*=}" ;;
      -D*) options+=("$argument") ;;
      [A-Z*]*) classes+=",$argument" ;;
      *) usage_error "$argument: expected a test class, such as ResumeTest or '*NmsTest', or -DNAME=VALUE" ;;
    esac
  done
  if [[ -n $classes ]]; then
    options+=("-Dtest=${classes#,}" "-Dit.test=${classes#,}"
      -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false)
  fi
}

# Programs and libraries that tests compare with. Tests of a missing one are skipped with a reason.
install_references() {
  if ((EUID == 0)) && command -v apt-get >/dev/null; then
    install darknet darknet
    install shellcheck shellcheck
    install slurmctld slurm-wlm munge
    python3 -c 'import ensurepip' 2>/dev/null || install "" python3-venv
  fi
  if ! python3 -c 'import pycocotools' 2>/dev/null && [[ ! -x target/pycocotools/bin/python ]]; then
    if ! { python3 -m venv target/pycocotools &&
      target/pycocotools/bin/pip install --quiet pycocotools==2.0.11; } >/dev/null 2>&1; then
      rm -rf target/pycocotools
      echo "verify.sh: pycocotools could not be installed; its test will be skipped" >&2
    fi
  fi
}

install() { # PROGRAM PACKAGE…
  if [[ -n $1 ]] && command -v "$1" >/dev/null; then return; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${@:2}" >/dev/null ||
    echo "verify.sh: $2 could not be installed; its tests will be skipped" >&2
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
