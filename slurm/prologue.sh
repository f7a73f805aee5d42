#!/usr/bin/env bash
# What every job script does first; each one sources this file.
# Slurm runs a copy of the job script from its spool folder: a job script finds this file through
# YOLOMPI_HOME or the folder of its submission, not through its own path.
set -euo pipefail

# Prints the comment at the head of the job script, from its usage line to the first empty line.
usage() { sed -n '/^# usage: /,/^$/s/^# \{0,1\}//p' "$0"; }

usage_error() {
  local script
  script=$(sed -n 's|^# usage: sbatch \([^ ]*\).*|\1|p' "$0")
  echo "${script##*/}: $*; see bash $script --help" >&2
  exit 2
}

if [[ ${1:-} == -h || ${1:-} == --help ]]; then usage && exit; fi
[[ -n ${SLURM_SUBMIT_DIR:-} ]] || usage_error "this is a job script; submit it with sbatch"
(($#)) || usage_error "found no arguments"
home=${YOLOMPI_HOME:-$SLURM_SUBMIT_DIR}
# shellcheck source=slurm/env.sh
source "$home/slurm/env.sh"
# shellcheck source=slurm/job.sh
source "$home/slurm/job.sh"
