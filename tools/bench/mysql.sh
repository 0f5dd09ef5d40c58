#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# MySQL or MariaDB as the source of a run; see servers.sh. Sourced by tools/bench.sh.

kind=${database%-*}
case $kind in
  mysql) reader_name='mysql --quick' tool_name=mysqldump log_name=mysqlbinlog ;;
  mariadb) reader_name='mariadb --quick' tool_name=mariadb-dump log_name=mariadb-binlog ;;
esac

start_source() {
  # One log holds all that a round writes; nothing is flushed in the middle of a measurement that need not be.
  local flags=(--max-binlog-size=1G --innodb-buffer-pool-size=1G --max-allowed-packet=64M)
  case $kind in
    mysql) flags+=(--innodb-redo-log-capacity=2G) ;;
    mariadb) flags+=(--innodb-log-file-size=1G) ;;
  esac
  quiet tools/servers.sh start "$database" --datadir "$folder/source" -- "${flags[@]}"
  source_port=$(cat "$folder/source/port")
  BENCH_PORT=$source_port
  sql -e "CREATE USER sync@'%' IDENTIFIED BY '$password';
    GRANT SELECT, RELOAD, REPLICATION SLAVE, REPLICATION CLIENT, LOCK TABLES, SHOW VIEW ON *.* TO sync@'%';
    CREATE DATABASE bench CHARACTER SET utf8mb4"
  sql bench <tools/bench/items-mysql.sql
  sql bench -e "SET sql_log_bin = 0; CALL write_rows('base', $first_id, $((first_id + rows - 1)), 10000, 10000)"
}

# sql [the client's options]: as root, over the socket.
sql() {
  PATH="$programs:$PATH" "$kind" --no-defaults -uroot -S "$folder/source/s.sock" -N --raw "$@"
}

# The options of a client that comes as syncd does: by TCP, in plaintext.
login() {
  local tls=--skip-ssl
  [ "$kind" = mariadb ] || tls=--ssl-mode=DISABLED
  printf '%s\n' --no-defaults -h127.0.0.1 "-P$source_port" -usync "$tls"
  [ "$kind" = mariadb ] || [ "${1:-}" = binlog ] || echo --get-server-public-key
}

fill_table() {
  sql bench -e 'SET sql_log_bin = 0; DROP TABLE IF EXISTS items; CREATE TABLE items LIKE base;
    INSERT INTO items SELECT * FROM base; ANALYZE TABLE items' >/dev/null
}

# write_rows FROM [AT_ONCE]: as many rows again, in transactions of 100, while syncd is down, in a log of their own; all
# 100 by one statement, or so many by each.
write_rows() {
  local last=$(($1 + rows - 1))
  sql -e 'FLUSH BINARY LOGS'
  log_file=$(sql -e 'SHOW BINARY LOGS' | awk 'END { print $1 }')
  sql bench -e "CALL write_rows('items', $1, $last, 100, ${2:-100}); FLUSH BINARY LOGS"
  last_key=/bench/bench/items/$last
}

# The same again as applications write: a row by each statement, so that each comes with a table map and header of its
# own.
measure_single_rows() {
  BENCH_LOG=$folder/source/data/$log_file
  write_rows $((first_id + 2 * rows)) 1
  single_log=$folder/source/data/$log_file
  measure_log_and_stream single_
  stop_syncd
}

measure_single_transcoding() {
  BENCH_LOG=$single_log measure_transcoding events single_events
}

source_configuration() {
  printf '{driver: mysql, host: 127.0.0.1, port: %s, user: sync, password: %s, ' "$source_port" "$password"
  printf 'name: bench, tls: {mode: disable}, mysql: {dump: %s}}\n' "${1:-native}"
}

measure_reader() {
  local started options
  mapfile -t options < <(login)
  started=$(seconds)
  PATH="$programs:$PATH" MYSQL_PWD=$password "$kind" "${options[@]}" --quick -N -e 'SELECT * FROM items' bench \
    >/dev/null
  note reader_rate "$(calculate "$rows / ($(seconds) - $started)" 0)"
}

# Before the native dump of a round, into an etcd of its own.
measure_tool_dump() {
  local started options
  mapfile -t options < <(login)
  started=$(seconds)
  PATH="$programs:$PATH" MYSQL_PWD=$password mysqldump "${options[@]}" --single-transaction --quick --hex-blob \
    --complete-insert --no-tablespaces bench items >/dev/null 2>&1
  note tool_reader_rate "$(calculate "$rows / ($(seconds) - $started)" 0)"
  empty_etcd
  PATH="$programs:$PATH" measure_dump tool_dump mysqldump
}

# measure_log [PREFIX of the names]
measure_log() {
  local options
  mapfile -t options < <(login binlog)
  local reader=(env PATH="$programs:$PATH" MYSQL_PWD="$password" mysqlbinlog "${options[@]}" --read-from-remote-server)
  time_log "${1:-}log" "${reader[@]}" "$log_file"
  # It copies the rows; with these options it decodes them as well, which is nearer to what we do.
  time_log "${1:-}decoded_log" "${reader[@]}" --verbose --base64-output=DECODE-ROWS "$log_file"
}

# What a row should be, the server itself says. (No text of these rows has a comma or colon before a space.)
row_lines() {
  sql bench --quick -e "SET time_zone = '+00:00'; SELECT id, CONCAT('{\"id\":', id, ',\"quantity\":', quantity,
    ',\"title\":', JSON_QUOTE(title), ',\"description\":', IFNULL(JSON_QUOTE(description), 'null'),
    ',\"price\":', price, ',\"active\":', active,
    ',\"updated_at\":\"', DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%s.%f+00:00'),
    '\",\"attributes\":', REPLACE(REPLACE(attributes, ', ', ','), ': ', ':'), '}')
    FROM items WHERE id BETWEEN $1 AND $2 ORDER BY id"
}

compare() {
  row_lines 0 99999999 | note_compared "$limits" compare-lines "$etcd_port" /bench/bench/items/
}

send_rows() {
  row_lines "$1" "$2" | "$limits" send-lines "$etcd_port" bench /bench/bench/items/
}

# What is transcoded: the log that a statement for each transaction left.
export BENCH_LOG BENCH_PORT
transcoding=(events) transcoding_target=3000000
