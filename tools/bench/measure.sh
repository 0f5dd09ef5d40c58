#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One measurement a function; each adds a line "NAME VALUE" to the results. Sourced by tools/bench.sh.

note() {
  echo "$1 $2" >>"$folder/results"
  printf '  %-34s %s\n' "$1" "$2"
}

# CPU seconds of a process so far, in user and system mode.
cpu_seconds() { awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / tick }' "/proc/$1/stat"; }
# How often it has gone to sleep: each wakes somebody again.
waits() { awk '/^voluntary/ { print $2 }' "/proc/$1/status"; }
peak_memory() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status"; }

start_syncd() {
  cat >"$folder/syncd.yml" <<X
name: bench
database:
  {driver: pgx, host: 127.0.0.1, port: $postgres_port, user: sync, password: $PGPASSWORD, name: bench,
   postgres: {slot: bench_$round, publication: bench_$round}}
tables: {include: ["public.items"]}
etcd: {endpoints: ["127.0.0.1:$etcd_port"], path: bench}
http: {listen: ""}
X
  "$syncd" run -c "$folder/syncd.yml" 2>>"$folder/syncd.log" &
  server_pid=$!
}

# Prints nothing; waits, so that the slot is free.
stop_syncd() {
  [ -n "$server_pid" ] || return 0
  kill "$server_pid"
  wait "$server_pid" || { tail -5 "$folder/syncd.log" >&2; exit 1; }
  server_pid=
}

# From exec to the checkpoint that says that the dump is whole.
measure_dump() {
  local started
  started=$(seconds)
  start_syncd
  "$limits" await "$etcd_port" /_sync/bench/checkpoint '"phase":"sync"'
  note dump_rate "$(calculate "$rows / ($(seconds) - $started)" 0)"
  note dump_cpu_us_a_row "$(calculate "$(cpu_seconds "$server_pid") * 1000000 / $rows" 2)"
  note dump_peak_kib "$(peak_memory "$server_pid")"
  stop_syncd
}

measure_copy() {
  local started
  started=$(seconds)
  PATH="$programs:$PATH" psql -qX -h 127.0.0.1 -p "$postgres_port" -U sync -c 'copy items to stdout' bench >/dev/null
  note copy_rate "$(calculate "$rows / ($(seconds) - $started)" 0)"
}

# From exec to the last row's key, with all the log waiting.
measure_stream() {
  local started
  started=$(seconds)
  start_syncd
  "$limits" await "$etcd_port" "$last_key"
  note stream_rate "$(calculate "$rows / ($(seconds) - $started)" 0)"
  note stream_cpu_us_a_row "$(calculate "$(cpu_seconds "$server_pid") * 1000000 / $rows" 2)"
  note stream_peak_kib "$(peak_memory "$server_pid")"
  note stream_waits_a_1000_rows "$(calculate "$(waits "$server_pid") * 1000 / $rows" 1)"
}

measure_recvlogical() {
  local TIMEFORMAT='%R %U %S' times
  times=$({ time PATH="$programs:$PATH" pg_recvlogical -h 127.0.0.1 -p "$postgres_port" -U sync -d bench \
    --slot "twin_$round" --start --endpos "$end_lsn" --no-loop -f /dev/null \
    -o proto_version=1 -o "publication_names=bench_$round" 2>"$folder/last.log"; } 2>&1) || {
    cat "$folder/last.log" >&2
    exit 1
  }
  read -r real user system <<<"$times"
  note recvlogical_rate "$(calculate "$rows / $real" 0)"
  note recvlogical_cpu_us_a_row "$(calculate "($user + $system) * 1000000 / $rows" 2)"
  sql bench -c "select pg_drop_replication_slot('twin_$round')" >/dev/null
}

compare() {
  local found same=yes
  found=$("$limits" compare "$postgres_port" "$etcd_port" /bench/public/items/ public.items) || same=
  note compared "$found"
  [ -n "$same" ] || exit 1
}

# The same rows as finished requests, on an etcd as empty as syncd's was.
measure_send() {
  local from=$((first_id + rows)) sent
  sent=$("$limits" send "$postgres_port" "$etcd_port" bench "select * from items where id < $from order by id")
  note send_dump_rate "$(awk '{ printf "%.0f", $1 / $2 }' <<<"$sent")"
  sent=$("$limits" send "$postgres_port" "$etcd_port" bench "select * from items where id >= $from order by id")
  note send_stream_rate "$(awk '{ printf "%.0f", $1 / $2 }' <<<"$sent")"
  note bytes_a_row "$(awk '{ printf "%.0f", $4 / $1 }' <<<"$sent")"
}

# From exec to the log line "connected": both servers have answered, and we lead.
measure_starts() {
  local turn started
  [ "$round" = "$rounds" ] || return 0
  mkfifo "$folder/log.pipe"
  for ((turn = 0; turn < 10; turn++)); do
    exec 7<>"$folder/log.pipe"
    started=$(seconds)
    "$syncd" run -c "$folder/syncd.yml" 2>&7 &
    server_pid=$!
    while read -r -t 20 -u 7 line; do case $line in *connected*) break ;; esac; done
    calculate "($(seconds) - $started) * 1000" 1 >>"$folder/starts"
    echo >>"$folder/starts"
    stop_syncd
    exec 7>&-
  done
  rm "$folder/log.pipe"
  note start_ms "$(median <"$folder/starts")"
}

# In memory, on one core: rows a second by the CPU's clock; then, by counting and not by any clock, instructions and
# allocations a row, as the difference of two runs.
measure_transcoding() {
  local kind rate short long
  for kind in values copy stream; do
    rate=$("$transcode" "$kind" "${BENCH_TRANSCODE_ROWS:-500000}" 5 | awk '{ print $2 }' | sort -n | tail -1)
    note "transcode_${kind}_rate" "$rate"
    command -v valgrind >/dev/null || continue
    short=$(count_calls "$kind" 20000 1)
    long=$(count_calls "$kind" 20000 3)
    note "transcode_${kind}_instructions_a_row" "$(awk '{ printf "%.0f", ($3 - $1) / 40000 }' <<<"$short $long")"
    note "transcode_${kind}_allocations_a_row" "$(awk '{ printf "%.4f", ($4 - $2) / 40000 }' <<<"$short $long")"
  done
}

# Instructions, and calls of malloc, of one run.
count_calls() {
  rm -f "$folder/callgrind.out"
  quiet valgrind --tool=callgrind --compress-strings=no --callgrind-out-file="$folder/callgrind.out" "$transcode" "$@"
  awk '
    /^(totals|summary):/ { instructions = $2 }
    /^cfn=/ { callee = substr($0, 5) }
    /^calls=/ && callee ~ /^(malloc|__libc_malloc|realloc|__libc_realloc|calloc|posix_memalign)($|\047)/ {
      split($1, part, "=")
      calls += part[2]
    }
    END { print instructions, calls + 0 }' "$folder/callgrind.out"
}
