#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The servers of a run, their table and their state between measurements. Sourced by tools/bench.sh.

start_servers() {
  chmod 711 "$folder"
  quiet tools/servers.sh install "$postgres" "$etcd"
  # No checkpoint and no vacuum of the server's own in the middle of a measurement.
  quiet tools/servers.sh start "$postgres" --datadir "$folder/postgres" -- \
    -c max_wal_size=16GB -c checkpoint_timeout=1h -c autovacuum=off -c shared_buffers=512MB
  postgres_port=$(cat "$folder/postgres/port")
  programs=$(tools/servers.sh path "$postgres")
  start_etcd
  sql postgres -c "create role sync login replication password '$PGPASSWORD'" -c 'create database bench owner sync'
  sql bench <tools/bench/items.sql
  sql bench -c "select fill('base', $first_id, $((first_id + rows - 1)))"
}

# sql DATABASE [psql's options]: as the superuser, over the socket.
sql() {
  local database=$1
  shift
  PATH="$programs:$PATH" psql -qXAt -v ON_ERROR_STOP=1 -h "$folder/postgres" -p "$postgres_port" -U postgres \
    "$@" "$database"
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

fill_table() {
  sql bench -c 'set client_min_messages = warning' -c 'drop table if exists items' \
    -c 'create table items (like base including all)' \
    -c 'alter table items owner to sync' -c 'insert into items select * from base order by id' -c 'analyze items' \
    -c checkpoint
}

# As many rows again, in transactions of 100, while syncd is down; a twin of its slot waits at the same position.
write_rows() {
  local from=$((first_id + rows))
  sql bench -c "select pg_create_logical_replication_slot('twin_$round', 'pgoutput')" >/dev/null
  sql bench -c "call write_rows('items', $from, $((from + rows - 1)))"
  sql bench -c checkpoint
  end_lsn=$(sql bench -c 'select pg_current_wal_insert_lsn()')
  last_key=/bench/public/items/$((from + rows - 1))
}
