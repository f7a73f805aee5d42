#!/usr/bin/env bash
# shellcheck disable=SC2154
# What mpi/bundle/bundle.sh copies; sourced by it. $bundle is the folder to fill, $gpu the kind of GPU or nothing, ${jars[@]} the
# program's jars, $paths what ompi_info says of Open MPI's folders.
set -euo pipefail

# The program's jars as its own jar names them: target/lib may hold those of another build, too.
class_path() {
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && jar --extract --file "$OLDPWD/target/yolo-mpi.jar" META-INF/MANIFEST.MF)
  tr -d '\r' <"$folder/META-INF/MANIFEST.MF" | sed -z 's/\n //g' | sed -n 's/^Class-Path: //p' | tr ' ' '\n' | sed '/^$/d; s:^:target/:'
  rm -r "$folder"
}

copy_program() {
  mkdir -p "$bundle"/{target/lib,src}
  cp target/yolo-mpi.jar "$bundle/target/"
  cp -r mpi slurm data-prep README.md LICENSE "$bundle/"
  cp -r src/recipes src/sweeps "$bundle/src/"
}

# Native libraries lie in their jars uncompressed, so that the whole archive is compressed once, and better.
copy_jars() {
  local jar
  for jar in "${jars[@]}"; do
    case $jar in
      */*-linux-*.jar) store_jar "$jar" ;;
      *) cp "$jar" "$bundle/target/lib/" ;;
    esac
  done
}

store_jar() {
  local folder cuda target
  folder=$(mktemp -d -p "$stage")
  target=$(realpath "$bundle")/target/lib/$(basename "$1")
  (cd "$folder" && jar --extract --file "$OLDPWD/$1")
  cuda=$(find "$folder" -name libtorch_cuda.so)
  if [[ -n $cuda ]]; then java -jar target/yolo-mpi.jar gpu-code "$cuda" --keep "$gpu"; fi
  (cd "$folder" && jar --create --no-compress --no-manifest --file "$target" .)
  rm -r "$folder"
}

# Tests that look at a GPU, for mpi/gpu/gpu-check.sh; those of ONNX and of the code's structure stay here, with their libraries.
copy_checks() {
  if [[ -z $gpu ]]; then return; fi
  cp -r target/test-classes "$bundle/target/"
  mkdir "$bundle/target/test-lib"
  find target/test-lib -name '*.jar' ! -name 'onnxruntime*' ! -name 'archunit*' -exec cp -t "$bundle/target/test-lib" {} +
}

copy_java() {
  jlink --add-modules java.se,jdk.unsupported,jdk.management,jdk.zipfs --strip-java-debug-attributes --no-header-files --no-man-pages --output "$bundle/java"
}

# Open MPI without what only other networks than TCP and shared memory need: metadata goes over these (see mpi/run.sh).
copy_openmpi() {
  local plugins pmix
  plugins=$(path_of pkglibdir)
  mkdir -p "$bundle/openmpi"/{bin,lib/openmpi,share,etc}
  cp -L "$(command -v mpirun)" "$(command -v orted)" "$bundle/openmpi/bin/"
  find "$plugins" -name 'mca_*.so' ! -name '*_ucx.so' ! -name '*_ofi.so' ! -name '*_openib.so' ! -name '*_psm*.so' ! -name '*_flux.so' \
    -exec cp -Lt "$bundle/openmpi/lib/openmpi" {} +
  cp -rL "$(path_of pkgdatadir)" "$bundle/openmpi/share/"
  cp -rL "$(path_of sysconfdir)/." "$bundle/openmpi/etc/"
  # Where Open MPI uses a PMIx of the system: that has plugins of its own.
  pmix=$(ldd "$plugins"/mca_pmix_ext*.so 2>/dev/null | sed -n 's/.*libpmix.so.* => \([^ ]*\) .*/\1/p' | head -1 || true)
  if [[ -n $pmix ]]; then
    pmix=$(dirname "$(realpath "$pmix")")
    mkdir -p "$bundle/openmpi/lib/pmix"
    find "$pmix/pmix" -name '*.so' -exec cp -Lt "$bundle/openmpi/lib/pmix" {} +
  fi
}

path_of() { sed -n "/^path:$1:/{s///p;q}" <<<"$paths"; }

# The JNI libraries, and whatever these, Open MPI and Java need from the system, but for the C and C++ libraries themselves.
copy_libraries() {
  local place library
  mkdir -p "$bundle/lib"
  for library in libmpi_java.so libsis-jhdf5.so libcisd_nativedata.so libcisd_unix.so; do
    place=$(find_library "$library")
    if [[ -n $place ]]; then cp -L "$place" "$bundle/lib/"; fi
  done
  [[ -r $bundle/lib/libmpi_java.so ]] || fail "libmpi_java.so was not found; put its folder on LD_LIBRARY_PATH"
  for library in libfontconfig.so.1 libfreetype.so.6 libtcmalloc_minimal.so.4; do
    place=$(find_library "$library")
    if [[ -n $place ]]; then cp -L "$place" "$bundle/lib/"; fi
  done
  { find "$bundle/openmpi" "$bundle/java" "$bundle/lib" \( -name '*.so*' -o -name mpirun -o -name orted \) -type f -exec ldd {} + 2>/dev/null || true; } |
    sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | sort -u |
    grep -vE "^$bundle|/(libc|libm|libdl|libpthread|librt|libresolv|libutil|libstdc\+\+|libgcc_s|ld-linux-x86-64)\.so" |
    while IFS= read -r library; do
      if [[ ! -e $bundle/lib/${library##*/} ]]; then cp -L "$library" "$bundle/lib/"; fi
    done
}

find_library() {
  local folder set_by_user=${LD_LIBRARY_PATH:-}
  for folder in ${set_by_user//:/ } "$(path_of libdir)" /usr/lib/jni /usr/lib/x86_64-linux-gnu /usr/lib64 /usr/lib; do
    if [[ -r $folder/$1 ]]; then echo "$folder/$1" && return; fi
  done
}

copy_fonts() {
  mkdir -p "$bundle/fonts"
  find /usr/share/fonts -name 'DejaVuSans*.ttf' -exec cp -Lt "$bundle/fonts" {} +
  cat >"$bundle/fonts/fonts.conf" <<'END'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">.</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
END
}
