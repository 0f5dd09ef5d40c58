#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
#   torture.sh [N]   N runs (50) of random writes and random kills, each followed by a comparison of every row with
#                    every key, and of all that a watch saw with what was committed. SYNC_TEST_SEED repeats a sitting.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
tools/servers.sh install pg-15 etcd-3.5
[ -n "${SYNCD:-}" ] || swift build --product syncd
SYNC_TORTURE_RUNS=${1:-50} exec swift test --filter CrashTortureTests
