#!/usr/bin/env bash
# shellcheck disable=SC2154
# The parts of a bundle; mpi/bundle/bundle.sh sources this file.
# It sets $bundle (folder to fill), $gpu (compute capability or empty), ${jars[@]} (the program's jars)
# and $paths (Open MPI's folders, from ompi_info).
set -euo pipefail

# The jars that the program's own jar names: target/lib may also have jars of another build.
class_path() {
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && jar --extract --file "$OLDPWD/target/yolo-mpi.jar" META-INF/MANIFEST.MF)
  tr -d '\r' <"$folder/META-INF/MANIFEST.MF" | sed -z 's/\n //g' | sed -n 's/^Class-Path: //p' |
    tr ' ' '\n' | sed '/^$/d; s:^:target/:'
  rm -r "$folder"
}

copy_program() {
  mkdir -p "$bundle"/{target/lib,src}
  cp target/yolo-mpi.jar "$bundle/target/"
  cp -r mpi slurm data-prep README.md CHANGES.md LICENSE THIRD-PARTY-LICENSES.md .github "$bundle/"
  cp -r src/recipes src/sweeps src/docs "$bundle/src/"
}

# Stores native libraries uncompressed in their jars: compressing the whole archive once gives a smaller file.
copy_jars() {
  local jar
  for jar in "${jars[@]}"; do
    case $jar in
      */*-linux-*.jar) store_jar "$jar" ;;
      *) cp "$jar" "$bundle/target/lib/" ;;
    esac
  done
}

store_jar() { # JAR
  local folder cuda target
  folder=$(mktemp -d -p "$stage")
  target=$(realpath "$bundle")/target/lib/$(basename "$1")
  (cd "$folder" && jar --extract --file "$OLDPWD/$1")
  cuda=$(find "$folder" -name libtorch_cuda.so)
  if [[ -n $cuda ]]; then java -jar target/yolo-mpi.jar gpu-code "$cuda" --keep "$gpu"; fi
  (cd "$folder" && jar --create --no-compress --no-manifest --file "$target" .)
  rm -r "$folder"
}

# The test classes for mpi/gpu/gpu-check.sh, without the libraries that only tests of ONNX and of the
# code's structure need.
copy_checks() {
  if [[ -z $gpu ]]; then return; fi
  cp -r target/test-classes "$bundle/target/"
  mkdir "$bundle/target/test-lib"
  find target/test-lib -name '*.jar' ! -name 'onnxruntime*' ! -name 'archunit*' \
    -exec cp -t "$bundle/target/test-lib" {} +
}

copy_java() {
  jlink --add-modules java.se,jdk.unsupported,jdk.management,jdk.zipfs --strip-java-debug-attributes \
    --no-header-files --no-man-pages --output "$bundle/java"
}

# Open MPI without plugins for networks other than TCP and shared memory, which carry the metadata (see mpi/run.sh).
copy_openmpi() {
  local plugins pmix
  plugins=$(path_of pkglibdir)
  mkdir -p "$bundle/openmpi"/{bin,lib/openmpi,share,etc}
  cp -L "$(command -v mpirun)" "$(command -v orted)" "$bundle/openmpi/bin/"
  find "$plugins" -name 'mca_*.so' ! -name '*_ucx.so' ! -name '*_ofi.so' ! -name '*_openib.so' ! -name '*_psm*.so' \
    ! -name '*_flux.so' -exec cp -Lt "$bundle/openmpi/lib/openmpi" {} +
  cp -rL "$(path_of pkgdatadir)" "$bundle/openmpi/share/"
  cp -rL "$(path_of sysconfdir)/." "$bundle/openmpi/etc/"
  # If Open MPI uses the system's PMIx, copy that one's plugins, too.
  pmix=$(ldd "$plugins"/mca_pmix_ext*.so 2>/dev/null | sed -n 's/.*libpmix.so.* => \([^ ]*\) .*/\1/p' | head -1 || true)
  if [[ -n $pmix ]]; then
    pmix=$(dirname "$(realpath "$pmix")")
    mkdir -p "$bundle/openmpi/lib/pmix"
    find "$pmix/pmix" -name '*.so' -exec cp -Lt "$bundle/openmpi/lib/pmix" {} +
  fi
}

path_of() { sed -n "/^path:$1:/{s///p;q}" <<<"$paths"; }

# The JNI libraries, and the system's libraries that these, Open MPI and Java need, except the C and C++ libraries.
copy_libraries() {
  local place library
  local system='libc|libm|libdl|libpthread|librt|libresolv|libutil|libstdc\+\+|libgcc_s|ld-linux-x86-64'
  mkdir -p "$bundle/lib"
  for library in libmpi_java.so libsis-jhdf5.so libcisd_nativedata.so libcisd_unix.so; do
    place=$(find_library "$library")
    if [[ -n $place ]]; then cp -L "$place" "$bundle/lib/"; fi
  done
  [[ -r $bundle/lib/libmpi_java.so ]] || fail "found no libmpi_java.so; put its folder on LD_LIBRARY_PATH"
  for library in libfontconfig.so.1 libfreetype.so.6 libtcmalloc_minimal.so.4; do
    place=$(find_library "$library")
    if [[ -n $place ]]; then cp -L "$place" "$bundle/lib/"; fi
  done
  {
    find "$bundle/openmpi" "$bundle/java" "$bundle/lib" \( -name '*.so*' -o -name mpirun -o -name orted \) -type f \
      -exec ldd {} + 2>/dev/null || true
  } |
    sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | sort -u |
    grep -vE "^$bundle|/($system)\.so" |
    while IFS= read -r library; do
      if [[ ! -e $bundle/lib/${library##*/} ]]; then cp -L "$library" "$bundle/lib/"; fi
    done
}

find_library() { # LIBRARY
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
