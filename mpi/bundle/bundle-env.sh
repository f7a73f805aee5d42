#!/usr/bin/env bash
# shellcheck disable=SC2154
# Sourced by mpi/run.sh and mpi/gpu/gpu-check.sh in a bundle (mpi/bundle/bundle.sh), where it is env.sh: everything comes from the bundle's folder,
# wherever that lies.
set -euo pipefail
bundle=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export JAVA_HOME=$bundle/java PATH=$bundle/openmpi/bin:$bundle/java/bin:$PATH
export LD_LIBRARY_PATH=$bundle/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export OPAL_PREFIX=$bundle/openmpi OPAL_EXEC_PREFIX=$bundle/openmpi OPAL_BINDIR=$bundle/openmpi/bin OPAL_LIBDIR=$bundle/lib
export OPAL_PKGLIBDIR=$bundle/openmpi/lib/openmpi OPAL_PKGDATADIR=$bundle/openmpi/share/openmpi OPAL_SYSCONFDIR=$bundle/openmpi/etc
# A PMIx of its own, in whatever place it was built for.
export PMIX_PREFIX=$bundle/openmpi PMIX_PKGLIBDIR=$bundle/openmpi/lib/pmix PMIX_LIBDIR=$bundle/lib
if [[ ! -r /etc/fonts/fonts.conf ]]; then export FONTCONFIG_FILE=$bundle/fonts/fonts.conf; fi
