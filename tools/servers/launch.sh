#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starting and stopping, the same for every kind. Sourced by tools/servers.sh.
#
# A server's folder: name, port, pid, command (one line, to start it again), server.log, data/ and, with TLS, ca.pem,
# server.pem, server.key.

# The prefix that drops root; empty for other users.
drop_root=()
if [ "$(id -u)" = 0 ]; then
  drop_root=(setpriv --reuid="$MATRIX_USER" --regid="$(id -g "$MATRIX_USER")" --clear-groups --)
fi

give_away() {
  [ "$(id -u)" != 0 ] || chown -R "$MATRIX_USER" "$@"
}

# Two neighbouring ports below the range from which the kernel gives outgoing connections theirs: etcd needs a second
# one for its peers.
free_port() {
  local port
  while :; do
    port=$((10000 + (RANDOM << 2 ^ RANDOM ^ $$) % 11000 * 2))
    is_listening $port || is_listening $((port + 1)) || break
  done
  echo $port
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A process that is gone or only waits to be collected by its parent.
is_gone() {
  case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in "" | Z*) return 0 ;; esac
  return 1
}

# launch FOLDER COMMAND...: remembers the command, then starts it.
launch() {
  local folder=$1
  shift
  printf '%q ' "$@" >"$folder/command"
  relaunch "$folder"
}

relaunch() {
  local folder=$1 end
  # setsid: signals of our terminal are not the server's; exec: the pid is the server's.
  (cd "$folder" && eval "exec setsid $(cat "$folder/command")" </dev/null >>"$folder/server.log" 2>&1 8>&- 9>&-) &
  echo $! >"$folder/pid"
  end=$((SECONDS + 60))
  until is_ready "$folder"; do
    if is_gone "$(cat "$folder/pid")" || [ $SECONDS -ge $end ]; then
      tail -5 "$folder/server.log" >&2
      return 1
    fi
    sleep 0.1
  done
}

is_ready() {
  local folder=$1 port output
  port=$(cat "$folder/port")
  look_up "$(cat "$folder/name")"
  case $kind in
    pg) "$root/$bins/pg_isready" -q -h "$folder" -p "$port" -U postgres ;;
    mysql) "$root/usr/bin/mysqladmin" --no-defaults -uroot -S "$folder/s.sock" status ;;
    mariadb) "$root/usr/bin/mariadb-admin" --no-defaults -uroot -S "$folder/s.sock" status ;;
    etcd)
      [ -z "${ETCD_DO_NOT_WAIT:-}" ] || return 0
      output=$(etcd_client "$folder" --command-timeout=1s get __probe 2>&1) && return 0
      case $output in *"user name is empty"* | *"permission denied"*) return 0 ;; esac # up, with authentication on
      return 1
      ;;
  esac >/dev/null 2>&1
}

# etcdctl against the server in a folder.
etcd_client() {
  local folder=$1 scheme=http
  shift
  if [ -f "$folder/ca.pem" ]; then
    scheme=https
    export ETCDCTL_CACERT=$folder/ca.pem ETCDCTL_CERT=$folder/server.pem ETCDCTL_KEY=$folder/server.key
  fi
  ETCDCTL_API=3 "$root/usr/bin/etcdctl" --endpoints "$scheme://127.0.0.1:$(cat "$folder/port")" "$@"
}

stop_server() {
  local folder=$1 pid signal=TERM turn
  pid=$(cat "$folder/pid" 2>/dev/null) || return 0
  case $(cat "$folder/name") in pg-*) signal=INT ;; esac # PostgreSQL's fast shutdown
  kill -CONT "$pid" 2>/dev/null || true
  kill -$signal "$pid" 2>/dev/null || true
  for ((turn = 0; turn < 600; turn++)); do
    is_gone "$pid" && break
    [ $turn = 200 ] && kill -KILL "$pid" 2>/dev/null
    sleep 0.05
  done
  rm -f "$folder/pid"
}

# A process and all below it. First all stand still, so that none starts further ones and none is lost from sight.
process_tree() {
  local child
  echo "$1"
  # shellcheck disable=SC2013  # one line of words
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do process_tree "$child"; done
}

signal_server() {
  local signal=$1 first pid
  first=$(cat "$2/pid") || return 0
  kill -STOP "$first" 2>/dev/null || true
  for pid in $(process_tree "$first" | tac); do
    kill "-$signal" "$pid" 2>/dev/null || true
  done
}
