#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what building and testing need and this machine does not have; says nothing where nothing is missing.
# The Swift toolchain itself is not installed here: https://www.swift.org/install
set -euo pipefail

missing=()
needs_program() { command -v "$1" >/dev/null || missing+=("$2"); }
needs_file() {
  local file
  for file in $1; do [ ! -e "$file" ] || return 0; done
  missing+=("$2")
}

needs_program git git
needs_program make make
needs_program openssl openssl
needs_program flock util-linux
needs_program setpriv util-linux
needs_file '/usr/include/openssl/ssl.h' libssl-dev
needs_file '/usr/lib/*/libssl.a /usr/lib/libssl.a' libssl-dev
needs_file '/usr/include/zlib.h' zlib1g-dev
needs_file '/usr/lib/*/libz.a /usr/lib/libz.a' zlib1g-dev
needs_file '/usr/include/libdeflate.h' libdeflate-dev
needs_file '/usr/lib/*/libdeflate.a /usr/lib/libdeflate.a' libdeflate-dev
needs_file '/usr/include/zstd.h' libzstd-dev
needs_file '/usr/lib/*/libzstd.a /usr/lib/libzstd.a' libzstd-dev
needs_file '/usr/include/yaml.h' libyaml-dev
needs_file '/usr/lib/*/libyaml.a /usr/lib/libyaml.a' libyaml-dev
needs_file '/usr/lib/*/libc.a /usr/lib/libc.a' libc6-dev
needs_file '/etc/ssl/certs/ca-certificates.crt' ca-certificates
needs_file '/usr/share/keyrings/debian-archive-keyring.gpg' debian-archive-keyring

if ! command -v swift >/dev/null; then
  echo "install-deps.sh: there is no Swift toolchain on PATH; Sync needs 6.3 or later" >&2
  exit 1
fi
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "install-deps.sh: please install the equivalents of these Debian packages: ${missing[*]}" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || {
    echo "install-deps.sh: as root: apt-get install ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "installing ${missing[*]}" >&2
mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
export DEBIAN_FRONTEND=noninteractive
install=("${as_root[@]}" apt-get -qq install -y --no-install-recommends "${missing[@]}")
# The package lists may be missing or old: fetch them only if the first attempt fails.
"${install[@]}" >/dev/null 2>&1 || {
  "${as_root[@]}" apt-get -qq update >&2
  "${install[@]}" >/dev/null
}
