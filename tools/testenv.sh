#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The servers to try Sync against, on this machine or as containers.
#
#   testenv.sh start [NAME...]    default: pg-15 etcd-3.5; the names are those of `servers.sh list`
#   testenv.sh status             what runs, where it listens, how to connect
#   testenv.sh stop [NAME...]     default: all; their data are removed
#   testenv.sh docker [NAME...]   the same servers as a compose file, started if a container engine is there
#
# State lies in SYNC_TESTENV, by default sync-testenv-<user> in the folder for temporary files.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tools/servers/catalogue.sh
. "$here/servers/catalogue.sh"
: "${SYNC_TESTENV:=${TMPDIR:-/tmp}/sync-testenv-$(id -u)}"
password=sync

# The same port every time, if nobody else has it: for the default versions the one that the samples name.
usual_port() {
  case $1 in
    pg-15) echo 5432 ;;
    mysql-9.7) echo 3306 ;;
    etcd-3.5) echo 2379 ;;
    pg-*) echo $((15400 + ${1#pg-})) ;;
    mariadb-*) echo $((13300 + $(cut -d. -f2 <<<"$1"))) ;;
    etcd-*) echo $((12300 + 10 * $(cut -d. -f2 <<<"$1"))) ;;
  esac
}

# The role that Sync logs in with and a database for it, and those of the original service's samples.
prepare() {
  local name=$1 folder=$SYNC_TESTENV/$1 client=mysql
  case $name in
    pg-*)
      "$here/servers.sh" client "$name" psql -qX -h "$folder" -p "$(cat "$folder/port")" -U postgres \
        -c "create role sync login replication password '$password'" -c 'create database shop owner sync' \
        -c "create role root login replication password 'example'" -c 'create database contrail_test owner root'
      ;;
    mysql-* | mariadb-*)
      case $name in mariadb-*) client=mariadb ;; esac
      "$here/servers.sh" client "$name" $client --no-defaults -uroot -S "$folder/s.sock" <<X
create user sync@'%' identified by '$password'; grant all on *.* to sync@'%'; create database shop;
drop user if exists root@'127.0.0.1', root@'::1'; create user root@'%' identified by 'example';
grant all on *.* to root@'%'; create database contrail_test;
X
      ;;
  esac
}

start() {
  local name folder port
  mkdir -p "$SYNC_TESTENV"
  chmod 711 "$SYNC_TESTENV"
  for name in "$@"; do
    folder=$SYNC_TESTENV/$name
    if is_running "$name"; then continue; fi
    rm -rf "$folder"
    port=$(usual_port "$name")
    if [ -z "$port" ] || (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      "$here/servers.sh" start "$name" --datadir "$folder" >/dev/null
    else
      "$here/servers.sh" start "$name" --datadir "$folder" --port "$port" >/dev/null
    fi
    prepare "$name"
  done
  status
}

is_running() {
  local pid
  pid=$(cat "$SYNC_TESTENV/$1/pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null
}

status() {
  local folder name port any=
  for folder in "$SYNC_TESTENV"/*/; do
    [ -f "$folder/name" ] || continue
    folder=${folder%/} any=1
    name=$(cat "$folder/name")
    port=$(cat "$folder/port")
    if ! is_running "$name"; then
      echo "$name: stopped"
      continue
    fi
    echo "$name: 127.0.0.1:$port (pid $(cat "$folder/pid"), folder $folder)"
    case $name in
      pg-*)
        echo "  tools/servers.sh client $name psql postgresql://sync:$password@127.0.0.1:$port/shop"
        echo "  database: {driver: pgx, host: 127.0.0.1, port: $port, user: sync, password: $password, name: shop}"
        ;;
      mysql-* | mariadb-*)
        echo "  tools/servers.sh client $name ${name%%-*} -h127.0.0.1 -P$port -usync -p$password shop"
        echo "  database: {driver: mysql, host: 127.0.0.1, port: $port, user: sync, password: $password, name: shop}"
        ;;
      etcd-*)
        echo "  ETCDCTL_API=3 tools/servers.sh client $name etcdctl --endpoints 127.0.0.1:$port get --prefix /"
        echo "  etcd: {endpoints: [\"127.0.0.1:$port\"]}"
        ;;
    esac
  done
  [ -z "$any" ] || echo "The samples fit: SYNC_DB_PASSWORD=$password syncd check -c sample/postgres.yml"
  [ -n "$any" ] || echo "nothing is running; start it with: tools/testenv.sh start"
}

stop() {
  local name
  if [ $# = 0 ]; then
    for name in "$SYNC_TESTENV"/*/name; do [ ! -f "$name" ] || set -- "$@" "$(cat "$name")"; done
  fi
  for name in "$@"; do
    "$here/servers.sh" stop --datadir "$SYNC_TESTENV/$name"
    rm -rf "${SYNC_TESTENV:?}/$name"
    echo "$name: stopped and removed"
  done
  rmdir "$SYNC_TESTENV" 2>/dev/null || true
}

# One service of the compose file, with the flags of servers.sh that matter to a reader of the log.
service() {
  local name=$1 port version=${1#*-}
  look_up "$name" # sets suite
  port=$(usual_port "$name")
  printf '  %s:\n' "$(tr . - <<<"$name")"
  case $name in
    pg-*)
      cat <<X
    image: postgres:$version
    command: [postgres, -c, wal_level=logical, -c, max_replication_slots=32, -c, max_wal_senders=32,
      -c, max_prepared_transactions=16, -c, fsync=off]
    environment: {POSTGRES_USER: sync, POSTGRES_PASSWORD: $password, POSTGRES_DB: shop}
    ports: ["127.0.0.1:$port:5432"]
X
      ;;
    mysql-*)
      cat <<X
    image: mysql:$version
    command: [--server-id=1, --log-bin=binlog, --binlog-format=ROW, --binlog-row-image=FULL,
      --binlog-row-metadata=FULL, --gtid-mode=ON, --enforce-gtid-consistency=ON, --mysqlx=OFF]
    environment: {MYSQL_ROOT_PASSWORD: $password, MYSQL_USER: sync, MYSQL_PASSWORD: $password, MYSQL_DATABASE: shop}
    ports: ["127.0.0.1:$port:3306"]
X
      ;;
    mariadb-*)
      cat <<X
    image: mariadb:$version
    command: [--server-id=1, --log-bin=binlog, --binlog-format=ROW, --binlog-row-image=FULL,
      --binlog-row-metadata=FULL, --gtid-strict-mode=ON, --log-slave-updates=ON]
    environment: {MARIADB_ROOT_PASSWORD: $password, MARIADB_USER: sync, MARIADB_PASSWORD: $password,
      MARIADB_DATABASE: shop}
    ports: ["127.0.0.1:$port:3306"]
X
      ;;
    etcd-*)
      # Debian's package, as servers.sh takes it.
      cat <<X
    build:
      dockerfile_inline: |
        FROM debian:$suite
        RUN apt-get update && apt-get install -y --no-install-recommends etcd-server
    command: [etcd, --name, n0, --listen-client-urls, "http://0.0.0.0:2379",
      --advertise-client-urls, "http://127.0.0.1:$port"]
    ports: ["127.0.0.1:$port:2379"]
X
      ;;
  esac
}

docker_compose() {
  local name file=$SYNC_TESTENV/compose.yaml
  mkdir -p "$SYNC_TESTENV"
  {
    echo "# Written by tools/testenv.sh docker. User sync, password $password, database shop."
    echo "services:"
    for name in "$@"; do service "$name"; done
  } >"$file"
  cat "$file"
  if docker info >/dev/null 2>&1; then
    docker compose -f "$file" up -d --wait
    echo "# stop: docker compose -f $file down -v" >&2
  else
    echo "# no container engine answers here; where one does: docker compose -f $file up -d --wait" >&2
  fi
}

command=${1:-help}
[ $# = 0 ] || shift
case $command in
  start | docker)
    [ $# -gt 0 ] || set -- pg-15 etcd-3.5
    if [ "$command" = start ]; then start "$@"; else docker_compose "$@"; fi
    ;;
  status) status ;;
  stop) stop "$@" ;;
  *) sed -n '4,/^set/s/^# \{0,1\}//p' "$0" ;;
esac
