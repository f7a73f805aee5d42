#!/usr/bin/env bash
# Runs every test there is: set-up, then mvn verify (formatter, lints, unit and integration tests on real ranks).
# Arguments go to Maven, for example: mpi/verify.sh -Dtest='Box*'
set -euo pipefail
if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
  exit
fi
cd "$(dirname "$0")/.."
mpi/setup.sh
# What some tests compare with. Where it can't be had they are skipped, and say so.
if ((EUID == 0)) && command -v apt-get >/dev/null; then
  for tool in darknet shellcheck; do
    command -v "$tool" >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$tool" >/dev/null ||
      echo "verify.sh: no $tool here; its tests will be skipped" >&2
  done
  command -v slurmctld >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null ||
    echo "verify.sh: no Slurm here; its tests will be skipped" >&2
  python3 -c 'import ensurepip' 2>/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null ||
    echo "verify.sh: no python3-venv here" >&2
fi
if ! python3 -c 'import pycocotools' 2>/dev/null && [[ ! -x target/pycocotools/bin/python ]]; then
  { python3 -m venv target/pycocotools && target/pycocotools/bin/pip install --quiet pycocotools==2.0.11; } >/dev/null 2>&1 ||
    { rm -rf target/pycocotools && echo "verify.sh: no pycocotools here; its test will be skipped" >&2; }
fi
exec mvn -B verify "$@"
