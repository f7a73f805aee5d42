#!/usr/bin/env bash
# shellcheck disable=SC2154
# Environment of a bundle, where this file is env.sh; the bundle's scripts source it.
# All paths follow the bundle's folder, wherever that is.
set -euo pipefail
bundle=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export JAVA_HOME=$bundle/java PATH=$bundle/openmpi/bin:$bundle/java/bin:$PATH
export LD_LIBRARY_PATH=$bundle/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export OPAL_PREFIX=$bundle/openmpi OPAL_EXEC_PREFIX=$bundle/openmpi
export OPAL_BINDIR=$bundle/openmpi/bin OPAL_LIBDIR=$bundle/lib OPAL_PKGLIBDIR=$bundle/openmpi/lib/openmpi
export OPAL_PKGDATADIR=$bundle/openmpi/share/openmpi OPAL_SYSCONFDIR=$bundle/openmpi/etc
# The bundle's own PMIx, whatever folder it was built for.
export PMIX_PREFIX=$bundle/openmpi PMIX_PKGLIBDIR=$bundle/openmpi/lib/pmix PMIX_LIBDIR=$bundle/lib
if [[ ! -r /etc/fonts/fonts.conf ]]; then export FONTCONFIG_FILE=$bundle/fonts/fonts.conf; fi
