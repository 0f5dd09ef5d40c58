#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# record.sh PORT FILE.pcap COMMAND...: runs COMMAND and records what passes port PORT of this machine meanwhile.
#
#   tools/testenv.sh start pg-17
#   tools/record.sh 15417 Fixtures/postgres/pg-17-something.pcap \
#     tools/servers.sh client pg-17 psql postgresql://sync:sync@127.0.0.1:15417/shop?sslmode=disable -c 'select 1'
#
# Then: a line in the README beside the file (version, statements, who listened where), and `make fixtures`.
set -euo pipefail
port=${1:?PORT} file=${2:?FILE} log=$(mktemp)
shift 2
command -v tcpdump >/dev/null || {
  echo "record.sh: needs tcpdump" >&2
  exit 1
}

# -s 0: loopback segments are up to 64 KiB and more; -B: with the usual buffer a burst loses packets without a word.
tcpdump -i lo -s 0 -B 262144 -U -Z "$(id -un)" -w "$file" "tcp port $port" 2>"$log" &
recorder=$!
until grep -q 'listening on' "$log"; do
  kill -0 $recorder 2>/dev/null || {
    cat "$log" >&2
    exit 1
  }
  sleep 0.1
done
status=0
"$@" || status=$?
sleep 1 # the last packets are still in the kernel
kill -TERM $recorder
wait $recorder 2>/dev/null || true
grep -E 'captured|dropped' "$log" >&2
rm -f "$log"
exit $status
