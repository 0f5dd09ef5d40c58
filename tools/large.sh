#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
#   large.sh   transactions above 4 GiB on MySQL and MariaDB, with the file's end beyond 32 bits. It takes about ten
#              minutes, and 15 GB where servers have their data while tests run.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
free=$(df --output=avail -k "${TMPDIR:-/tmp}" | tail -1)
[ "$free" -gt $((15 << 20)) ] || {
  echo "large.sh: ${TMPDIR:-/tmp} has $((free >> 20)) GiB, 15 are needed; set TMPDIR" >&2
  exit 1
}
tools/servers.sh install mysql-9.7 mariadb-10.11 etcd-3.5
[ -n "${SYNCD:-}" ] || swift build --product syncd
SYNC_LARGE=1 exec swift test --filter MySQLLargeLogTests
