#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The servers of a run. The source's own part is in postgres.sh and mysql.sh, which define, for `database`:
#
#   start_source           a server with a table of `rows` rows to take copies of
#   fill_table             the table `items` as it is at the beginning of a round
#   write_rows             as many rows again, in transactions of 100; sets last_key
#   source_configuration   the section `database` of a configuration file, in one line, for a dump by METHOD
#   measure_reader         the limit of a dump: a client of the server's own reads all rows: reader_rate
#   measure_tool_dump      the dump by the host's tool beside its own limit, where there is such a thing
#   measure_log            the limit of streaming: a client of the server's own reads the log: log_rate, log_cpu_…
#   compare                every row with every key
#   send_rows FROM TO      rows as finished requests, then only sent: what `Limits send` prints
#   transcoding            what Transcode can measure of it, and the rows a second to reach
# Sourced by tools/bench.sh.

start_servers() {
  chmod 711 "$folder"
  quiet tools/servers.sh install "$database" "$etcd"
  programs=$(tools/servers.sh path "$database")
  start_source
  start_etcd
}

# Its quota is above all that a round puts; fsync is on, as in life.
start_etcd() {
  local port=()
  [ -z "${etcd_port:-}" ] || port=(--port "$etcd_port")
  quiet tools/servers.sh start "$etcd" --datadir "$folder/etcd" "${port[@]}" -- --quota-backend-bytes 8589934592
  etcd_port=$(cat "$folder/etcd/port")
}

# Both sides of a pair meet the same etcd: empty.
empty_etcd() {
  quiet tools/servers.sh stop --datadir "$folder/etcd"
  rm -rf "$folder/etcd"
  start_etcd
}
