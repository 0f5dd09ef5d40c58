#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
#   torture.sh [N] [SOURCE]   N runs (50) of random writes to SOURCE (pg-15) and random kills, each followed by a
#                             comparison of every row with every key, and of all that a watch saw with what was
#                             committed. SYNC_TEST_SEED repeats a sitting.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
source=${2:-pg-15}
needed=("$source" etcd-3.5)
# Its program reads the log of every MariaDB: not all versions bring their own.
case $source in mariadb-*) needed+=(mariadb-10.11) ;; esac
tools/servers.sh install "${needed[@]}"
[ -n "${SYNCD:-}" ] || swift build --product syncd
SYNC_TORTURE_RUNS=${1:-50} SYNC_TORTURE_SOURCE=$source exec swift test --filter CrashTortureTests
