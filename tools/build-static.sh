#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds syncd as one stripped file without dynamic dependencies: .build/static/syncd
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

tools/commit.sh # for `syncd version`
flags=(-c release --static-swift-stdlib -Xswiftc -static-executable -Xlinker -s --product syncd)
# The linker warns that getaddrinfo and dlopen want the C library's files at run time; Wire sees to that.
swift build "${flags[@]}" 2>&1 |
  { grep --line-buffered -v -e 'statically linked applications requires' -e 'in function' -e 'mktemp' || true; } >&2

mkdir -p .build/static
# A running syncd keeps the old file.
install -m 755 "$(swift build "${flags[@]}" --show-bin-path)/syncd" .build/static/syncd.new
mv .build/static/syncd.new .build/static/syncd

# ldd fails for a static file: its words count.
dependencies=$(ldd .build/static/syncd 2>&1 || true)
case $dependencies in
  *"not a dynamic executable"* | *"statically linked"*) ;;
  *)
    printf 'build-static.sh: .build/static/syncd is not static:\n%s\n' "$dependencies" >&2
    exit 1
    ;;
esac
echo ".build/static/syncd: static, $(($(stat -c %s .build/static/syncd) / 1000)) kB" >&2
