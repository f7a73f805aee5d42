#!/usr/bin/env bash
# Kills runs at random moments and resumes them, on 1, 2 or 4 ranks, and checks that nothing is lost, skipped or read
# twice; prints a table. About 15 minutes on two cores.
#
#   mpi/drill.sh [CUTS=50] [SEED=1]
set -euo pipefail

if (($# > 2)) || ! [[ ${1:-50} =~ ^[1-9][0-9]*$ && ${2:-1} =~ ^[0-9]+$ ]]; then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
mpi/setup.sh
# Its name hides it from the normal test run.
exec mvn -B test -Dtest=Drill -Dtests.excluded=none -Ddrill.cuts="${1:-50}" -Ddrill.seed="${2:-1}"
