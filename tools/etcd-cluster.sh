#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A cluster of three etcd members on this machine.
#
#   etcd-cluster.sh start NAME D [--tls CERTIFICATES] [-- FLAGS]   members in D/n0, D/n1, D/n2, each a folder as
#                                                                  servers.sh makes them; --tls demands certificates of
#                                                                  clients and peers
#   etcd-cluster.sh stop D
#
# One member: servers.sh stop --datadir D/n1, servers.sh restart --datadir D/n1.
set -euo pipefail
umask 022
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tools/servers/catalogue.sh
. "$here/servers/catalogue.sh"
# shellcheck source=tools/servers/install.sh
. "$here/servers/install.sh"
# shellcheck source=tools/servers/launch.sh
. "$here/servers/launch.sh"

start() {
  local name=$1 folder=$2 certificates='' scheme=http cluster='' member port client peer tls=()
  shift 2
  if [ "${1:-}" = --tls ]; then
    certificates=$(readlink -f "$2")
    shift 2
  fi
  [ "${1:-}" != -- ] || shift
  install_server "$name"
  look_up "$name"
  mkdir -p "$folder"
  folder=$(readlink -f "$folder")
  export LC_ALL=C TZ=UTC
  [ -z "$certificates" ] || scheme=https
  for member in n0 n1 n2; do
    mkdir -p "$folder/$member"
    port=$(free_port)
    echo "$port" >"$folder/$member/port"
    echo "$name" >"$folder/$member/name"
    [ -z "$certificates" ] || cp "$certificates"/{ca.pem,server.pem,server.key} "$folder/$member/"
    cluster=$cluster,$member=$scheme://127.0.0.1:$((port + 1))
  done
  give_away "$folder"
  for member in n0 n1 n2; do
    port=$(cat "$folder/$member/port")
    client=$scheme://127.0.0.1:$port peer=$scheme://127.0.0.1:$((port + 1))
    if [ -n "$certificates" ]; then
      cd "$folder/$member"
      tls=(--cert-file "$PWD/server.pem" --key-file "$PWD/server.key" --trusted-ca-file "$PWD/ca.pem"
        --client-cert-auth --peer-cert-file "$PWD/server.pem" --peer-key-file "$PWD/server.key"
        --peer-trusted-ca-file "$PWD/ca.pem" --peer-client-cert-auth)
    fi
    # No member answers before a second one is there: wait only after the last.
    ETCD_DO_NOT_WAIT=1 launch "$folder/$member" "${drop_root[@]}" "$root/usr/bin/etcd" --name "$member" \
      --data-dir "$folder/$member/data" --listen-client-urls "$client" --advertise-client-urls "$client" \
      --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "${cluster#,}" \
      --initial-cluster-token "$folder" --heartbeat-interval 100 --election-timeout 1000 "${tls[@]}" "$@"
  done
  for member in n0 n1 n2; do
    until is_ready "$folder/$member"; do
      ! is_gone "$(cat "$folder/$member/pid")" || die "a member stopped, see $folder/$member/server.log"
      sleep 0.1
    done
    echo "$name $member pid $(cat "$folder/$member/pid") port $(cat "$folder/$member/port")"
  done
}

case ${1:-} in
  start)
    shift
    start "$@"
    ;;
  stop)
    # The last one standing would wait seconds for a leader: all get the signal before any is waited for.
    for pid in "$2"/n*/pid; do kill "$(cat "$pid")" 2>/dev/null || true; done
    for pid in "$2"/n*/pid; do [ ! -f "$pid" ] || stop_server "${pid%/pid}"; done
    ;;
  *) sed -n '4,/^set/s/^# \{0,1\}//p' "$0" ;;
esac
