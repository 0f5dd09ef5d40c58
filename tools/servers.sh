#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Real servers for tests and trials: without docker, without root, and without touching the machine's packages.
#
#   servers.sh list                       the names
#   servers.sh install NAME...            download and unpack, if that has not been done
#   servers.sh start NAME --datadir D [--port N] [--tls CERTIFICATES] [-- FLAGS]
#                                         start a server of its own in folder D and wait until it answers; without
#                                         --port on a free one, remembered in D/port; a server's own FLAGS win over ours
#   servers.sh restart --datadir D        stop it if it runs, start it again on the same data and port
#   servers.sh stop --datadir D
#   servers.sh signal SIGNAL --datadir D  send it to all of a server's processes: STOP, CONT, KILL
#   servers.sh client NAME PROGRAM [ARGUMENTS]   a program of that version: psql, pg_recvlogical, etcdctl, mysql …
#   servers.sh path NAME                  the folders of its programs, to put on PATH
#   servers.sh file NAME PACKAGE FILE     the path of a file of one more package of the server's suite
#
# A folder for a server must be one that the user "nobody" can reach when root starts it (not below /root).
set -euo pipefail
umask 022
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tools/servers/catalogue.sh
. "$here/servers/catalogue.sh"
# shellcheck source=tools/servers/install.sh
. "$here/servers/install.sh"
# shellcheck source=tools/servers/launch.sh
. "$here/servers/launch.sh"
# shellcheck source=tools/servers/commands.sh
. "$here/servers/commands.sh"

start() {
  local name=$1 port='' folder='' certificates='' attempt
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --port) port=$2 ;;
      --datadir) folder=$2 ;;
      --tls) certificates=$(readlink -f "$2") ;;
      --) break ;;
      *) die "start: $1 is no option" ;;
    esac
    shift 2
  done
  [ $# = 0 ] || shift
  [ -n "$folder" ] || die "start needs --datadir"
  look_up "$name"
  install_server "$name"
  mkdir -p "$folder"
  folder=$(readlink -f "$folder")
  [ ! -f "$folder/pid" ] || is_gone "$(cat "$folder/pid")" || die "a server runs in $folder already"
  give_away "$folder"
  if [ -n "$certificates" ]; then
    cp "$certificates"/{ca.pem,server.pem,server.key} "$folder/"
    give_away "$folder"/{ca.pem,server.pem,server.key}
    chmod 600 "$folder/server.key" # PostgreSQL insists
  fi
  echo "$name" >"$folder/name"
  export LC_ALL=C TZ=UTC
  cd "$folder"
  for attempt in 1 2 3 4 5; do
    echo "${port:-$(free_port)}" >"$folder/port"
    if "start_$kind" "$folder" "$@"; then
      echo "$name pid $(cat "$folder/pid") port $(cat "$folder/port") folder $folder"
      return
    fi
    # Between looking and listening somebody else may have taken the port: try another, if it is ours to choose.
    [ -z "$port" ] && grep -qi 'in use' "$folder/server.log" || break
    [ "$kind" = etcd ] && rm -rf "$folder/data"
    : >"$folder/server.log"
  done
  die "$name did not start (attempt $attempt), see $folder/server.log"
}

restart() {
  local folder turn
  folder=$(readlink -f "$1")
  [ -f "$folder/command" ] || die "no server was started in $folder"
  stop_server "$folder"
  export LC_ALL=C TZ=UTC
  # After a kill -9 PostgreSQL's children may hold its shared memory for a moment.
  for turn in 1 2 3 4 5 6; do
    relaunch "$folder" 2>/dev/null && return
    sleep 0.5
  done
  die "$(cat "$folder/name") did not start again in $turn attempts, see $folder/server.log"
}

datadir() {
  [ "${1:-}" = --datadir ] && [ -n "${2:-}" ] || die "which server? --datadir FOLDER"
  echo "$2"
}

command=${1:-help}
[ $# = 0 ] || shift
case $command in
  list) echo "$server_names" | tr ' ' '\n' ;;
  install) for name in "$@"; do install_server "$name"; done ;;
  start) start "$@" ;;
  restart) restart "$(datadir "$@")" ;;
  stop) stop_server "$(datadir "$@")" ;;
  signal)
    signal=$1
    shift
    signal_server "$signal" "$(datadir "$@")"
    ;;
  path)
    look_up "$1"
    # shellcheck disable=SC2086  # a list of folders
    printf "$root/%s\n" $bins | paste -sd:
    ;;
  file) further_file "$@" ;;
  client)
    look_up "$1"
    client=$2
    shift 2
    for folder in $bins; do
      [ ! -x "$root/$folder/$client" ] || exec "$root/$folder/$client" "$@"
    done
    die "this $kind has no program $client"
    ;;
  *) sed -n '4,/^set/s/^# \{0,1\}//p' "$0" ;;
esac
