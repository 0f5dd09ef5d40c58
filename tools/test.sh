#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Everything that `make test` does: installs what is missing, builds the static binary, and runs all tests; those from
# end to end use that very binary. Arguments go to `swift test`, for example --filter ConformanceTests.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

tools/install-deps.sh
tools/servers.sh install pg-13 pg-15 pg-17 pg-18 etcd-3.4 etcd-3.5 mysql-9.7 mariadb-10.5 mariadb-10.11 mariadb-11.8
tools/build-static.sh
export SYNCD=$PWD/.build/static/syncd
exec swift test "$@"
