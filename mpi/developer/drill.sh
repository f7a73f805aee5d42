#!/usr/bin/env bash
# Kills runs at random moments and resumes them, on 1, 2 or 4 ranks, and checks that nothing is lost, skipped or read
# twice; prints a table. About 15 minutes on two cores.
#
#   mpi/developer/drill.sh [CUTS=50] [SEED=1]
#
# Or kills and stops a rank of a training on two ranks, and prints how soon it is named in train.log and how soon the
# job has ended. About 4 minutes.
#
#   mpi/developer/drill.sh lost [TRIALS=5]
set -euo pipefail

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; }

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
  usage
  exit
fi
# Their names hide the drills from the normal test run.
if [[ ${1:-} == lost && $# -le 2 && ${2:-5} =~ ^[1-9][0-9]*$ ]]; then
  drill=(-Dtest=LostRankDrill -Ddrill.trials="${2:-5}")
elif [[ $# -le 2 && ${1:-50} =~ ^[1-9][0-9]*$ && ${2:-1} =~ ^[0-9]+$ ]]; then
  drill=(-Dtest=Drill -Ddrill.cuts="${1:-50}" -Ddrill.seed="${2:-1}")
else
  usage >&2
  exit 2
fi
cd "$(dirname "$0")/../.."
mpi/setup.sh
exec mvn -B test -Dtests.excluded=none "${drill[@]}"
