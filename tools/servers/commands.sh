#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What each kind of server is started with: bound to this machine, logical log on, small, without fsync where that can
# be had. Sourced by tools/servers.sh. Each function takes the folder and the server's own further flags.

start_pg() {
  local folder=$1 tls=()
  shift
  if [ ! -f "$folder/data/PG_VERSION" ]; then
    "${drop_root[@]}" "$root/$bins/initdb" -D "$folder/data" -U postgres -E UTF8 --locale=C --auth-local=trust \
      --auth-host=scram-sha-256 --no-sync >"$folder/init.log" 2>&1 || die "initdb failed, see $folder/init.log"
  fi
  [ ! -f "$folder/ca.pem" ] ||
    tls=(-c ssl=on -c ssl_ca_file="$folder/ca.pem" -c ssl_cert_file="$folder/server.pem"
      -c ssl_key_file="$folder/server.key")
  launch "$folder" "${drop_root[@]}" "$root/$bins/postgres" -D "$folder/data" -p "$(cat "$folder/port")" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" -c wal_level=logical \
    -c max_replication_slots=32 -c max_wal_senders=32 -c max_prepared_transactions=16 -c max_connections=100 \
    -c password_encryption=scram-sha-256 -c wal_sender_timeout=60s -c jit=off -c fsync=off -c shared_buffers=32MB \
    "${tls[@]}" "$@"
}

start_etcd() {
  local folder=$1 port client peer tls=()
  shift
  port=$(cat "$folder/port")
  client=http://127.0.0.1:$port peer=http://127.0.0.1:$((port + 1))
  # --trusted-ca-file would make etcd demand client certificates: pass it as a further flag for that.
  [ ! -f "$folder/ca.pem" ] || tls=(--cert-file "$folder/server.pem" --key-file "$folder/server.key")
  [ ! -f "$folder/ca.pem" ] || client=https://127.0.0.1:$port
  launch "$folder" "${drop_root[@]}" "$root/usr/bin/etcd" --name "n$port" --data-dir "$folder/data" \
    --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "n$port=$peer" \
    --heartbeat-interval 20 --election-timeout 200 "${tls[@]}" "$@"
}

# data_of FOLDER COMMAND...: makes the server's first data with the command, which writes to FOLDER/data, unless they
# are there. The first of a version are kept and copied afterwards: initialising takes ten times as long. A server's own
# identity, keys and log are not copied.
data_of() {
  local folder=$1 template
  shift
  # A server of these kinds removes the temporary files of all others in its folder for them when it starts.
  mkdir -p "$folder/tmp"
  give_away "$folder/tmp"
  [ ! -d "$folder/data/mysql" ] || return 0
  template=$MATRIX_HOME/templates/$(cat "$folder/name")
  mkdir -p "$MATRIX_HOME/locks" "$MATRIX_HOME/templates"
  (
    flock 9
    if [ ! -d "$template" ]; then
      "$@" >"$folder/init.log" 2>&1 9>&- || die "initialisation failed, see $folder/init.log"
      cp -r "$folder/data" "$template.new"
      rm -f "$template.new"/auto.cnf "$template.new"/*.pem "$template.new"/binlog.*
      mv "$template.new" "$template"
    fi
  ) 9>"$MATRIX_HOME/locks/data-$(cat "$folder/name")"
  rm -rf "$folder/data"
  cp -r "$template" "$folder/data"
  give_away "$folder/data"
}

mysql_tls() {
  [ ! -f "$1/ca.pem" ] || printf '%s\n' "--ssl-ca=$1/ca.pem" "--ssl-cert=$1/server.pem" "--ssl-key=$1/server.key"
}

start_mysql() {
  local folder=$1 program tls port
  shift
  port=$(cat "$folder/port")
  mapfile -t tls < <(mysql_tls "$folder")
  program=("${drop_root[@]}" "$root/usr/sbin/mysqld" --no-defaults --basedir="$root/usr" --datadir="$folder/data"
    --tmpdir="$folder/tmp" --plugin-dir="$root/usr/lib/mysql/plugin" --secure-file-priv=)
  data_of "$folder" "${program[@]}" --initialize-insecure
  launch "$folder" "${program[@]}" --port="$port" --bind-address=127.0.0.1 --socket="$folder/s.sock" \
    --pid-file="$folder/mysqld.pid" --mysqlx=OFF --server-id="$port" --log-bin=binlog --binlog-format=ROW \
    --binlog-row-image=FULL --binlog-row-metadata=FULL --gtid-mode=ON --enforce-gtid-consistency=ON --sync-binlog=0 \
    --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M --innodb-redo-log-capacity=32M \
    --performance-schema=OFF --skip-name-resolve "${tls[@]}" "$@"
}

start_mariadb() {
  local folder=$1 program share tls port
  shift
  port=$(cat "$folder/port")
  mapfile -t tls < <(mysql_tls "$folder")
  share=$root/usr/share/mysql
  [ -d "$share" ] || share=$root/usr/share/mariadb
  data_of "$folder" env TMPDIR="$folder/tmp" "${drop_root[@]}" sh "$root/usr/bin/mariadb-install-db" --no-defaults \
    --basedir="$root/usr" --datadir="$folder/data" --skip-test-db --auth-root-authentication-method=normal \
    --skip-name-resolve
  program=("${drop_root[@]}" "$root/usr/sbin/mariadbd" --no-defaults --basedir="$root/usr" --datadir="$folder/data"
    --tmpdir="$folder/tmp" --plugin-dir="$root/usr/lib/mysql/plugin" --lc-messages-dir="$share"
    --character-sets-dir="$share/charsets")
  launch "$folder" "${program[@]}" --port="$port" --bind-address=127.0.0.1 --socket="$folder/s.sock" \
    --pid-file="$folder/mysqld.pid" --server-id="$port" --log-bin=binlog --binlog-format=ROW --binlog-row-image=FULL \
    --binlog-row-metadata=FULL --gtid-strict-mode=ON --log-slave-updates=ON --sync-binlog=0 \
    --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M --innodb-log-file-size=32M --skip-name-resolve \
    "${tls[@]}" "$@"
}
