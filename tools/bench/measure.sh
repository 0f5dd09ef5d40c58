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

# start_syncd [METHOD]: with the source's configuration, for a dump by that method.
start_syncd() {
  cat >"$folder/syncd.yml" <<X
name: bench
database: $(source_configuration "$@")
tables: {include: ["*.items"]}
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

# measure_dump NAME [METHOD]: from exec to the checkpoint that says that the dump is whole.
measure_dump() {
  local started
  started=$(seconds)
  start_syncd "${@:2}"
  "$limits" await "$etcd_port" /_sync/bench/checkpoint '"phase":"sync"'
  note "$1_rate" "$(calculate "$rows / ($(seconds) - $started)" 0)"
  note "$1_cpu_us_a_row" "$(calculate "$(cpu_seconds "$server_pid") * 1000000 / $rows" 2)"
  note "$1_peak_kib" "$(peak_memory "$server_pid")"
  stop_syncd
}

# measure_log_and_stream [PREFIX of the names]: rounds take turns in who comes first.
measure_log_and_stream() {
  if [ $((round % 2)) = 1 ]; then measure_log "$@"; fi
  measure_stream "$@"
  if [ $((round % 2)) = 0 ]; then measure_log "$@"; fi
}

# From exec to the last row's key, with all the log waiting.
measure_stream() {
  local started
  started=$(seconds)
  start_syncd
  "$limits" await "$etcd_port" "$last_key"
  note "${1:-}stream_rate" "$(calculate "$rows / ($(seconds) - $started)" 0)"
  note "${1:-}stream_cpu_us_a_row" "$(calculate "$(cpu_seconds "$server_pid") * 1000000 / $rows" 2)"
  note "${1:-}stream_peak_kib" "$(peak_memory "$server_pid")"
  note "${1:-}stream_waits_a_1000_rows" "$(calculate "$(waits "$server_pid") * 1000 / $rows" 1)"
}

# time_log NAME COMMAND...: a client of the server's own that reads the rows' log to its end.
time_log() {
  local TIMEFORMAT='%R %U %S' times
  times=$({ time "${@:2}" >/dev/null 2>"$folder/last.log"; } 2>&1) || {
    cat "$folder/last.log" >&2
    exit 1
  }
  read -r real user system <<<"$times"
  note "$1_rate" "$(calculate "$rows / $real" 0)"
  note "$1_cpu_us_a_row" "$(calculate "($user + $system) * 1000000 / $rows" 2)"
}

# note_compared COMMAND...: what Limits has found, standard input included; a difference ends the run.
note_compared() {
  local found same=yes
  found=$("$@") || same=
  note compared "$found"
  [ -n "$same" ] || exit 1
}

# The same rows as finished requests, on an etcd as empty as syncd's was.
measure_send() {
  local from=$((first_id + rows)) sent
  sent=$(send_rows "$first_id" $((from - 1)))
  note send_dump_rate "$(awk '{ printf "%.0f", $1 / $2 }' <<<"$sent")"
  sent=$(send_rows "$from" $((from + rows - 1)))
  note send_stream_rate "$(awk '{ printf "%.0f", $1 / $2 }' <<<"$sent")"
  note send_cpu_us_a_row "$(awk '{ printf "%.2f", $5 * 1000000 / $1 }' <<<"$sent")"
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

# measure_transcoding WAY [NAME]: in memory, on one core: rows a second by the CPU's clock; then, by counting and not by
# any clock, instructions and allocations a row, as the difference of two runs.
measure_transcoding() {
  local name=${2:-$1} rate short long
  rate=$("$transcode" "$1" "${BENCH_TRANSCODE_ROWS:-500000}" 5 | awk '{ print $2 }' | sort -n | tail -1)
  note "transcode_${name}_rate" "$rate"
  command -v valgrind >/dev/null || return 0
  short=$(count_calls "$1" 20000 1)
  long=$(count_calls "$1" 20000 3)
  note "transcode_${name}_instructions_a_row" "$(awk '{ printf "%.0f", ($3 - $1) / 40000 }' <<<"$short $long")"
  note "transcode_${name}_allocations_a_row" "$(awk '{ printf "%.4f", ($4 - $2) / 40000 }' <<<"$short $long")"
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
