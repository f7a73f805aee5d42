#!/usr/bin/env bash
# Kills training runs and ranks, and checks what follows.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/developer/drill.sh [CUTS [SEED]]
       mpi/developer/drill.sh lost [TRIALS]

The first form kills runs on 1, 2 or 4 ranks at random moments, resumes them, and checks that no sample is lost,
skipped or read twice. It prints a table. About 15 minutes on two cores.
The second form kills and stops a rank of a training on two ranks. It prints how soon train.log names the rank and
how soon the job ends. About 4 minutes.

arguments:
  CUTS        number of kills (default 50)
  SEED        seed of the random moments (default 1)
  TRIALS      number of lost ranks of each kind (default 5)

options:
  -h, --help  print this text

example:
  mpi/developer/drill.sh 10
END
}

if [[ ${1:-} == --help || ${1:-} == -h ]]; then usage && exit; fi
# The class names keep the drills out of the normal test run.
if [[ ${1:-} == lost && $# -le 2 && ${2:-5} =~ ^[1-9][0-9]*$ ]]; then
  drill=(-Dtest=LostRankDrill -Ddrill.trials="${2:-5}")
elif [[ $# -le 2 && ${1:-50} =~ ^[1-9][0-9]*$ && ${2:-1} =~ ^[0-9]+$ ]]; then
  drill=(-Dtest=Drill -Ddrill.cuts="${1:-50}" -Ddrill.seed="${2:-1}")
else
  echo "drill.sh: found '$*', expected [CUTS [SEED]] or lost [TRIALS]; see mpi/developer/drill.sh --help" >&2
  exit 2
fi
cd "$(dirname "$0")/../.."
mpi/setup.sh
exec mvn -B test -Dtests.excluded=none "${drill[@]}"
