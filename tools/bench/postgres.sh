#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PostgreSQL as the source of a run; see servers.sh. Sourced by tools/bench.sh.

reader_name=COPY log_name=pg_recvlogical

start_source() {
  # No checkpoint and no vacuum of the server's own in the middle of a measurement.
  quiet tools/servers.sh start "$database" --datadir "$folder/source" -- \
    -c max_wal_size=16GB -c checkpoint_timeout=1h -c autovacuum=off -c shared_buffers=512MB
  source_port=$(cat "$folder/source/port")
  sql postgres -c "create role sync login replication password '$password'" -c 'create database bench owner sync'
  sql bench <tools/bench/items.sql
  sql bench -c "select fill('base', $first_id, $((first_id + rows - 1)))"
}

# sql DATABASE [psql's options]: as the superuser, over the socket.
sql() {
  local database=$1
  shift
  PATH="$programs:$PATH" psql -qXAt -v ON_ERROR_STOP=1 -h "$folder/source" -p "$source_port" -U postgres \
    "$@" "$database"
}

fill_table() {
  sql bench -c 'set client_min_messages = warning' -c 'drop table if exists items' \
    -c 'create table items (like base including all)' \
    -c 'alter table items owner to sync' -c 'insert into items select * from base order by id' -c 'analyze items' \
    -c checkpoint
}

# As many rows again, in transactions of 100, while syncd is down; a twin of its slot waits at the same position.
write_rows() {
  local from=$1
  sql bench -c "select pg_create_logical_replication_slot('twin_$round', 'pgoutput')" >/dev/null
  sql bench -c "call write_rows('items', $from, $((from + rows - 1)))"
  sql bench -c checkpoint
  end_lsn=$(sql bench -c 'select pg_current_wal_insert_lsn()')
  last_key=/bench/public/items/$((from + rows - 1))
}

source_configuration() {
  printf '{driver: pgx, host: 127.0.0.1, port: %s, user: sync, password: %s, name: bench, ' "$source_port" "$password"
  printf 'postgres: {slot: bench_%s, publication: bench_%s}}\n' "$round" "$round"
}

measure_reader() {
  local started
  started=$(seconds)
  PATH="$programs:$PATH" psql -qX -h 127.0.0.1 -p "$source_port" -U sync -c 'copy items to stdout' bench >/dev/null
  note reader_rate "$(calculate "$rows / ($(seconds) - $started)" 0)"
}

measure_tool_dump() { :; }
# In this log each row is a message of its own, whatever statement wrote it.
measure_single_rows() { :; }
measure_single_transcoding() { :; }

measure_log() {
  time_log log env PATH="$programs:$PATH" pg_recvlogical -h 127.0.0.1 -p "$source_port" -U sync -d bench \
    --slot "twin_$round" --start --endpos "$end_lsn" --no-loop -f /dev/null \
    -o proto_version=1 -o "publication_names=bench_$round"
  sql bench -c "select pg_drop_replication_slot('twin_$round')" >/dev/null
}

compare() {
  note_compared "$limits" compare "$source_port" "$etcd_port" /bench/public/items/ public.items
}

send_rows() {
  "$limits" send "$source_port" "$etcd_port" bench "select * from items where id between $1 and $2 order by id"
}

transcoding=(values copy stream) transcoding_target=5000000
