#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures syncd beside the limits of this machine, in one run (docs/BENCHMARKS.md says what and why).
#
#   BENCH_DATABASES="pg-15 mysql-9.7 mariadb-10.11"   one after the other
#   BENCH_ROWS=1000000    rows dumped, and as many streamed in transactions of 100
#   BENCH_ROUNDS=2        pairs of syncd and its limits; the medians of the pairs' ratios are quoted
#   BENCH_ETCD=etcd-3.5
#   BENCH_SKIP_BUILD      not empty: measure what was built last
#   BENCH_FOLDER          where the servers keep their data; below TMPDIR by default, removed afterwards
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
read -ra databases <<<"${BENCH_DATABASES:-pg-15 mysql-9.7 mariadb-10.11}"
if [ ${#databases[@]} -gt 1 ]; then
  for database in "${databases[@]}"; do
    BENCH_DATABASES=$database tools/bench.sh
    export BENCH_SKIP_BUILD=1
  done
  exit
fi
database=${databases[0]}
rows=${BENCH_ROWS:-1000000}
rounds=${BENCH_ROUNDS:-2}
etcd=${BENCH_ETCD:-etcd-3.5}
first_id=10000001 # every id has eight digits, so that rows and keys sort alike
folder=${BENCH_FOLDER:-$(mktemp -d "${TMPDIR:-/tmp}/sync-bench-XXXXXX")}
password=sync
export PGPASSWORD=$password
server_pid=

say() { printf '%s\n' "$*"; }
quiet() { "$@" >"$folder/last.log" 2>&1 || { cat "$folder/last.log" >&2; exit 1; }; }
seconds() { date +%s.%N; }
calculate() { awk "BEGIN { printf \"%.${2:-3}f\", $1 }"; }
median() {
  sort -n | awk '{ v[NR] = $1 } END { printf "%.10g\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

clean_up() {
  [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
  for server in source etcd; do
    [ ! -f "$folder/$server/pid" ] || tools/servers.sh stop --datadir "$folder/$server" || true
  done
  [ -n "${BENCH_FOLDER:-}" ] || rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# shellcheck source=tools/bench/build.sh
. tools/bench/build.sh
# shellcheck source=tools/bench/servers.sh
. tools/bench/servers.sh
# shellcheck source=tools/bench/measure.sh
. tools/bench/measure.sh
# shellcheck source=tools/bench/report.sh
. tools/bench/report.sh
case $database in
  pg-*)
    # shellcheck source=tools/bench/postgres.sh
    . tools/bench/postgres.sh
    ;;
  *)
    # shellcheck source=tools/bench/mysql.sh
    . tools/bench/mysql.sh
    ;;
esac

build
start_servers
machine
for ((round = 1; round <= rounds; round++)); do
  say "$database, round $round of $rounds"
  fill_table
  # Rounds take turns in who comes first.
  if [ $((round % 2)) = 1 ]; then measure_reader; fi
  measure_tool_dump
  empty_etcd
  measure_dump dump
  if [ $((round % 2)) = 0 ]; then measure_reader; fi
  write_rows $((first_id + rows))
  measure_log_and_stream
  stop_syncd
  measure_single_rows
  compare
  measure_starts
  empty_etcd
  measure_send
done
for way in "${transcoding[@]}"; do measure_transcoding "$way"; done
measure_single_transcoding
report
