#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What came of it, pair by pair, and whether it reaches what was promised. Sourced by tools/bench.sh.

machine() {
  printf '%s cores, %s, %s GiB; Linux %s; %s, %s; %s rows; load before: %s\n' \
    "$(nproc)" "$(. /etc/os-release && echo "$PRETTY_NAME")" \
    "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)" \
    "$(uname -r | cut -d. -f1-2)" "$database" "$etcd" "$rows" "$(cut -d' ' -f1-3 /proc/loadavg)"
}

# All values of a name, in the order of the rounds.
values() { awk -v name="$1" '$1 == name { print $2 }' "$folder/results"; }
middle() { values "$1" | median; }

# pairs A B [C]: the median of A / min(B, C), pair by pair.
pairs() {
  paste <(values "$1") <(values "$2") <(values "${3:-$2}") |
    awk '{ limit = $2 < $3 ? $2 : $3; printf "%.3f\n", $1 / limit }' | median
}

# target NAME VALUE OPERATOR LIMIT
target() {
  local verdict
  verdict=$(awk "BEGIN { print ($2 $3 $4) ? \"reached\" : \"MISSED\" }")
  printf '| %-58s | %12s | %s %-10s | %s |\n' "$1" "$2" "$3" "$4" "$verdict"
}

report() {
  local name
  say ""
  machine
  say "medians of $rounds rounds:"
  for name in reader_rate send_dump_rate dump_rate tool_reader_rate tool_dump_rate log_rate send_stream_rate \
    stream_rate single_log_rate single_stream_rate log_cpu_us_a_row decoded_log_cpu_us_a_row send_cpu_us_a_row \
    stream_cpu_us_a_row single_log_cpu_us_a_row single_decoded_log_cpu_us_a_row single_stream_cpu_us_a_row \
    dump_cpu_us_a_row tool_dump_cpu_us_a_row dump_peak_kib tool_dump_peak_kib stream_peak_kib single_stream_peak_kib \
    stream_waits_a_1000_rows single_stream_waits_a_1000_rows bytes_a_row transcode_single_events_rate start_ms; do
    [ -z "$(values $name)" ] || printf '  %-34s %s\n' "$name" "$(middle $name)"
  done
  say ""
  target "dump, of the slower of $reader_name and only sending" \
    "$(pairs dump_rate reader_rate send_dump_rate)" ">=" 0.75
  [ -z "$(values tool_dump_rate)" ] ||
    target "dump by the tool, of the slower of $tool_name and only sending" \
      "$(pairs tool_dump_rate tool_reader_rate send_dump_rate)" ">=" 0.75
  target "stream, of the slower of $log_name and only sending" \
    "$(pairs stream_rate log_rate send_stream_rate)" ">=" 0.75
  target "CPU a streamed row, of $log_name's" "$(pairs stream_cpu_us_a_row log_cpu_us_a_row)" "<=" 1
  if [ -n "$(values single_stream_rate)" ]; then
    target "stream of single rows, of the slower of the two" \
      "$(pairs single_stream_rate single_log_rate send_stream_rate)" ">=" 0.75
    target "CPU a streamed single row, of $log_name's" \
      "$(pairs single_stream_cpu_us_a_row single_log_cpu_us_a_row)" "<=" 1
  fi
  target "peak memory, KiB" "$(grep '_peak_kib ' "$folder/results" | cut -d' ' -f2 | sort -n | tail -1)" "<=" 65536
  for name in "${transcoding[@]}"; do
    target "transcoding in memory ($name), rows a second on one core" "$(middle "transcode_${name}_rate")" \
      ">=" "$transcoding_target"
    [ -z "$(values "transcode_${name}_allocations_a_row")" ] ||
      target "allocations a row ($name; what a run needs included)" \
        "$(middle "transcode_${name}_allocations_a_row")" "<=" 0.01
  done
  say ""
  grep '^compared' "$folder/results" | sort | uniq -c | sed 's/^ */rounds: /'
  say "size of the static binary: $(stat -c %s "$syncd") bytes"
  say "exec to \"connected\": $(middle start_ms) ms, median of 10;" \
    "$(sort -n "$folder/starts" | sed -n '1p;$p' | paste -sd' ' | sed 's/ / to /') ms"
}
