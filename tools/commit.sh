#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Tells `syncd version` which commit it is built from: writes Sources/Daemon/Build/Commit.generated.swift, and only if
# it changes, so that nothing is compiled again without need. Outside a git work tree it removes the file.
set -eu
cd "$(dirname "$0")/.."
file=Sources/Daemon/Build/Commit.generated.swift
if ! commit=$(git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null); then
  rm -f "$file"
  exit 0
fi
text="// SPDX-License-Identifier: Apache-2.0
// Written by tools/commit.sh.

extension BuildInformation {
  package static var commit: String { \"$commit\" }
}"
[ -f "$file" ] && [ "$(cat "$file")" = "$text" ] || printf '%s\n' "$text" >"$file"
