#!/usr/bin/env bash
# Runs every test there is: set-up, then mvn verify (formatter, lints, unit and integration tests on real ranks).
# Arguments go to Maven, for example: mpi/verify.sh -Dtest='Box*'
set -euo pipefail
cd "$(dirname "$0")/.."
mpi/setup.sh
exec mvn -B verify "$@"
