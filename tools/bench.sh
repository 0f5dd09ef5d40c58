#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures on this machine, in one run: a dump, a stream, and beside them the limits, which are what others need to do
# the halves of the work. Then compares every row with every key.
#
#   ROWS=1000000 tools/bench.sh
#
# The limits: COPY to /dev/null, pg_recvlogical of an equal slot to /dev/null, and a bare client that only sends the
# same finished requests to the same etcd. PostgreSQL and etcd run on the same cores as syncd.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
: "${ROWS:=1000000}"
postgres=pg-15 etcd=etcd-3.5

tools/install-deps.sh
tools/servers.sh install $postgres $etcd
if [ -z "${SYNCD:-}" ]; then
  tools/build-static.sh
  SYNCD=$PWD/.build/static/syncd
fi
benchmarks=(-c release --scratch-path .build/benchmarks)
SYNC_BENCHMARKS=1 swift build "${benchmarks[@]}" --product BareSink >&2
SYNC_BENCHMARKS=1 swift build "${benchmarks[@]}" --product Transcode >&2
programs=$(SYNC_BENCHMARKS=1 swift build "${benchmarks[@]}" --show-bin-path)

folder=$(mktemp -d "${TMPDIR:-/tmp}/sync-bench-XXXXXX")
chmod 755 "$folder"
syncd_pid=''
clean_up() {
  local status=$?
  trap - EXIT INT TERM
  [ $status = 0 ] || tail -5 "$folder/syncd.log" >&2 || true
  [ -z "$syncd_pid" ] || kill "$syncd_pid" 2>/dev/null || true
  wait 2>/dev/null || true
  tools/servers.sh stop --datadir "$folder/postgres"
  tools/servers.sh stop --datadir "$folder/etcd"
  rm -rf "$folder"
  exit $status
}
trap clean_up EXIT
trap 'exit 130' INT TERM

tools/servers.sh start $postgres --datadir "$folder/postgres" -- -c max_wal_size=8GB >/dev/null
tools/servers.sh start $etcd --datadir "$folder/etcd" -- --quota-backend-bytes 8589934592 >/dev/null
pg_port=$(cat "$folder/postgres/port") etcd_port=$(cat "$folder/etcd/port")
connection=(-h "$folder/postgres" -p "$pg_port" -d bench -U sync)
sql() { tools/servers.sh client $postgres psql -qAtX -v ON_ERROR_STOP=1 "${connection[@]}" "$@"; }
etcdctl() { ETCDCTL_API=3 tools/servers.sh client $etcd etcdctl --endpoints "127.0.0.1:$etcd_port" "$@"; }
now() { date +%s%3N; }
rate() { echo "$1 rows in $2 ms: $(($1 * 1000 / ($2 > 0 ? $2 : 1))) rows/s"; }

tools/servers.sh client $postgres psql -qX -h "$folder/postgres" -p "$pg_port" -U postgres \
  -c "CREATE ROLE sync LOGIN REPLICATION PASSWORD 'bench'" -c 'CREATE DATABASE bench OWNER sync'
row="g, g % 1000, 'article number ' || g, repeat(md5(g::text), 4), (g % 99999) / 100.0, g % 3 = 0,
  timestamptz '2026-01-01' + g * interval '1 second', jsonb_build_object('colour', 'blue', 'n', g)"
sql <<X
CREATE TABLE products (id bigint PRIMARY KEY, quantity int, title text, description text, price numeric(10,2),
  active boolean, updated_at timestamptz, attributes jsonb);
INSERT INTO products SELECT $row FROM generate_series(1, $ROWS) g;
X
sql -c 'VACUUM ANALYZE products'
echo "rows of $(sql -c 'SELECT round(avg(octet_length(p::text))) FROM (SELECT * FROM products LIMIT 1000) p') bytes"

begin=$(now)
sql -c 'COPY products TO STDOUT' >/dev/null
copy_ms=$(($(now) - begin))
echo "limit, COPY to /dev/null:       $(rate "$ROWS" $copy_ms)"

sql -F $'\t' -c '\set FETCH_COUNT 10000' -c "SET TimeZone = 'UTC'" \
  -c 'SELECT id, row_to_json(p) FROM products p' >"$folder/rows"
bare=$("$programs/BareSink" "127.0.0.1:$etcd_port" /bare/public/products/ <"$folder/rows")
bare_ms=${bare##*, }
bare_ms=${bare_ms% ms}
echo "limit, bare client to etcd:     $(rate "$ROWS" "$bare_ms")"
etcdctl del --prefix /bare/ >/dev/null
rm "$folder/rows"

cat >"$folder/sync.yml" <<X
name: bench
database: {host: 127.0.0.1, port: $pg_port, user: sync, password: bench, name: bench}
etcd: {endpoints: ["127.0.0.1:$etcd_port"], path: bench}
http: {listen: ""}
X

start_syncd() {
  "$SYNCD" run -c "$folder/sync.yml" 2>>"$folder/syncd.log" &
  syncd_pid=$!
}
has_key() { [ -n "$(etcdctl get --keys-only "/bench/public/products/$1")" ]; }
wait_for_key() {
  local end=$((SECONDS + 600))
  until has_key "$1"; do
    kill -0 "$syncd_pid" || return 1
    [ $SECONDS -lt $end ] || return 1
    sleep 0.02
  done
}
# Processor seconds and largest memory of syncd so far.
usage() {
  local stat memory
  read -r -a stat < <(sed 's/.*) //' "/proc/$syncd_pid/stat")
  memory=$(sed -n 's/VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$syncd_pid/status")
  echo "$(((stat[11] + stat[12]) * 1000 / $(getconf CLK_TCK))) $memory"
}
stop_syncd() {
  kill -TERM "$syncd_pid"
  wait "$syncd_pid"
  syncd_pid=''
}

begin=$(now)
start_syncd
until grep -q 'following the log' "$folder/syncd.log"; do
  kill -0 "$syncd_pid"
  sleep 0.02
done
dump_ms=$(($(now) - begin))
read -r dump_cpu dump_memory < <(usage)
echo "dump:                           $(rate "$ROWS" $dump_ms), ${dump_cpu} ms of processor, $dump_memory KiB"
stop_syncd

# The slot that pg_recvlogical reads is made beside ours, before the writes.
sql -c "SELECT pg_create_logical_replication_slot('limit_slot', 'pgoutput')" >/dev/null
sql <<X
DO \$\$
BEGIN
  FOR batch IN 0..$((ROWS / 100 - 1)) LOOP
    INSERT INTO products SELECT $row FROM generate_series($ROWS + batch * 100 + 1, $ROWS + batch * 100 + 100) g;
    COMMIT;
  END LOOP;
END \$\$;
X
last=$(sql -c 'SELECT max(id) FROM products') streamed=$((last - ROWS))
target=$(sql -c 'SELECT pg_current_wal_lsn()')
publication=$(sql -c 'SELECT pubname FROM pg_publication')
sql -c "SELECT pg_logical_emit_message(false, 'bench', 'end')" >/dev/null # something behind the target

begin=$(now)
TIMEFORMAT='%U %S'
{ time tools/servers.sh client $postgres pg_recvlogical "${connection[@]}" --slot limit_slot --start --no-loop \
  --endpos "$target" -f /dev/null -o proto_version=1 -o publication_names="$publication" 2>/dev/null; } \
  2>"$folder/recvlogical" || true
receive_ms=$(($(now) - begin))
receive_cpu=$(awk 'END { printf "%d", ($1 + $2) * 1000 }' "$folder/recvlogical")
echo "limit, pg_recvlogical:          $(rate $streamed $receive_ms), $receive_cpu ms of processor"

begin=$(now)
start_syncd
wait_for_key "$last"
stream_ms=$(($(now) - begin))
read -r stream_cpu stream_memory < <(usage)
echo "stream:                         $(rate $streamed $stream_ms), $stream_cpu ms of processor, $stream_memory KiB"

# Key by key in one order, in pieces that etcd can answer at once.
differences=0
for digit in 1 2 3 4 5 6 7 8 9; do
  sql -F $'\t' -c '\set FETCH_COUNT 10000' -c "SET TimeZone = 'UTC'" -c "
    SELECT '/bench/public/products/' || id, row_to_json(p)
    FROM products p WHERE id::text LIKE '$digit%' ORDER BY id::text COLLATE \"C\"" >"$folder/expected"
  etcdctl get --prefix "/bench/public/products/$digit" | paste - - >"$folder/actual"
  lines=$(diff "$folder/expected" "$folder/actual" | grep -c '^[<>]' || true)
  differences=$((differences + lines))
done
echo "compared:                       $last rows, $differences lines differ"
stop_syncd

# share OURS LIMIT LIMIT (milliseconds): how much of the slower limit's speed is ours.
share() { awk -v ours="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%.2f\n", (a > b ? a : b) / ours }'; }
echo "dump / its slower limit:        $(share $dump_ms $copy_ms "$bare_ms")"
echo "stream / its slower limit:      $(share $stream_ms $receive_ms $((bare_ms * streamed / ROWS)))"
echo "in memory:"
"$programs/Transcode" 1000000 3
[ $differences = 0 ]
