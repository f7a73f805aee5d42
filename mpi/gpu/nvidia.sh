#!/usr/bin/env bash
# Finds NVIDIA's libraries that the build for GPUs loads.
set -euo pipefail

usage() {
  cat <<'END'
usage: mpi/gpu/nvidia.sh [--cuda-home DIR]… [--nvidia-wheels SITE_PACKAGES]…

Finds NVIDIA's libraries that the build for GPUs loads, and writes their folders to target/nvidia-libraries, where
mpi/run.sh and mpi/gpu/gpu-check.sh read them. Run it on a machine with a GPU like those that train, and again
after modules or wheels have changed.
It searches the folders of the options first, then LD_LIBRARY_PATH (modules), CUDA_HOME, the linker's folders and
the wheels of python3.

options:
  --cuda-home DIR                 a CUDA toolkit; repeat the option for cuDNN and NCCL in other folders
  --nvidia-wheels SITE_PACKAGES   folder with the folder "nvidia" of NVIDIA's Python wheels
  -h, --help                      print this text

example:
  pip install --target /tmp/wheels nvidia-nccl-cu13 && mpi/gpu/nvidia.sh --nvidia-wheels /tmp/wheels
END
}

usage_error() { echo "nvidia.sh: $*; see mpi/gpu/nvidia.sh --help" >&2 && exit 2; }

list=$(realpath -m "$(dirname "$0")/../../target/nvidia-libraries")

# Library, the wheel that has it, the name of the module on clusters.
readonly NEEDED="
libcuda.so.1 - driver
libcudart.so.13 nvidia-cuda-runtime CUDA_13
libcupti.so.13 nvidia-cuda-cupti CUDA_13
libcublas.so.13 nvidia-cublas CUDA_13
libcublasLt.so.13 nvidia-cublas CUDA_13
libcufft.so.12 nvidia-cufft CUDA_13
libcufile.so.0 nvidia-cufile CUDA_13
libcurand.so.10 nvidia-curand CUDA_13
libcusolver.so.12 nvidia-cusolver CUDA_13
libcusolverMg.so.12 nvidia-cusolver CUDA_13
libcusparse.so.12 nvidia-cusparse CUDA_13
libnvJitLink.so.13 nvidia-nvjitlink CUDA_13
libcudnn.so.9 nvidia-cudnn-cu13 cuDNN_9
libnccl.so.2 nvidia-nccl-cu13 NCCL_2"

main() {
  folders=()
  while (($#)); do
    case "$1" in
      --cuda-home) need_folder "$@" && add_toolkit "$(realpath "$2")" && shift 2 ;;
      --nvidia-wheels) need_folder "$@" && add_wheels "$(realpath "$2")" && shift 2 ;;
      -h | --help) usage && exit 0 ;;
      *) usage_error "unknown argument $1" ;;
    esac
  done
  add_usual_folders
  find_all
}

need_folder() { # OPTION FOLDER
  [[ -d ${2:-} ]] || usage_error "$1 ${2:-}: expected an existing folder"
}

add_toolkit() { # DIR
  folders+=("$1"/lib64 "$1"/lib "$1"/targets/x86_64-linux/lib "$1"/extras/CUPTI/lib64)
}

add_wheels() { # SITE_PACKAGES
  local folder
  while IFS= read -r folder; do folders+=("$folder"); done < <(find "$1/nvidia" -type d -name lib 2>/dev/null)
}

add_usual_folders() {
  local folder home
  IFS=: read -ra more <<<"${LD_LIBRARY_PATH:-}"
  for folder in "${more[@]}"; do if [[ -n $folder ]]; then folders+=("$folder"); fi; done
  for home in ${CUDA_HOME:-} /usr/local/cuda; do folders+=("$home/lib64" "$home/extras/CUPTI/lib64"); done
  while IFS= read -r folder; do folders+=("$folder"); done < <(
    ldconfig -p 2>/dev/null | sed -n 's:.* => \(.*\)/[^/]*:\1:p' | sort -u
  )
  folders+=(/usr/local/nvidia/lib64 /usr/lib/x86_64-linux-gnu /usr/lib64)
  while IFS= read -r folder; do add_wheels "$folder"; done < <(python3 -c 'import site, sysconfig
print(*{sysconfig.get_paths()["purelib"], site.getusersitepackages()}, sep="\n")' 2>/dev/null)
}

find_all() {
  local library wheel module folder wheels=() missing=0
  local -A used=()
  found=()
  while read -r library wheel module; do
    if [[ -z $library ]]; then continue; fi
    if folder=$(folder_of "$library"); then
      printf '%-20s %s\n' "$library" "$folder"
      # Skip the system's folders: in LD_LIBRARY_PATH they would hide libraries of other folders.
      if [[ -z ${used[$folder]:-} && ! $folder =~ ^(/usr)?/lib ]]; then used[$folder]=yes && found+=("$folder"); fi
    else
      printf '%-20s MISSING%s; %s\n' "$library" "$(other_version "$library")" "$(remedy "$wheel" "${module/_/ }")"
      if [[ $wheel != - ]]; then wheels+=("$wheel"); fi
      missing=$((missing + 1))
    fi
  done <<<"$NEEDED"
  mkdir -p "$(dirname "$list")"
  (IFS=: && echo "${found[*]}") >"$list.new" && mv "$list.new" "$list"
  if ((missing)); then
    echo "nvidia.sh: $missing missing" >&2
    if ((${#wheels[@]})); then
      echo "to get them as wheels: pip install --target DIR $(printf '%s\n' "${wheels[@]}" | sort -u | xargs)" \
        "&& mpi/gpu/nvidia.sh --nvidia-wheels DIR" >&2
    fi
    exit 1
  fi
}

folder_of() { # LIBRARY
  local folder
  for folder in "${folders[@]}"; do
    if [[ -r $folder/$1 ]]; then echo "$folder" && return; fi
  done
  return 1
}

other_version() { # LIBRARY
  local folder other
  for folder in "${folders[@]}"; do
    for other in "$folder/${1%%.so.*}".so.*; do
      if [[ -r $other ]]; then echo " ($folder has $(basename "$other"), which is another version)" && return; fi
    done
  done
}

remedy() { # WHEEL MODULE
  if [[ $1 == - ]]; then
    echo "part of the driver: run this on a machine with a GPU"
  else
    echo "module load $2, or pip install $1"
  fi
}

main "$@"
