#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Writes the golden texts of the recorded conversations again and shows what became different; a person reads that
# before it is committed. How conversations are recorded: tools/record.sh.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

SYNC_WRITE_GOLDENS=1 swift test --filter ConformanceTests
git --no-pager diff --stat -- Fixtures
git ls-files --others --exclude-standard -- Fixtures
