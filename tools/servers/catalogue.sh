#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which servers there are, where their packages come from, and where the cache is. Sourced by tools/servers.sh.
# shellcheck disable=SC2034  # the variables are read by the scripts that source this one

server_names="pg-13 pg-15 pg-17 pg-18 etcd-3.3 etcd-3.4 etcd-3.5 mysql-9.7 mariadb-10.5 mariadb-10.11 mariadb-11.8"

# MATRIX_HOME holds everything that is downloaded and unpacked; to uninstall, remove the folder. As root the servers run
# as MATRIX_USER (PostgreSQL and MySQL refuse root), who must be able to read the folder.
if [ "$(id -u)" = 0 ]; then
  : "${MATRIX_HOME:=/var/cache/server-matrix}" "${MATRIX_USER:=nobody}"
else
  : "${MATRIX_HOME:=${XDG_CACHE_HOME:-$HOME/.cache}/server-matrix}" "${MATRIX_USER:=}"
fi

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# Sets suite, packages, kind and bins (folders with programs) for a server's name.
look_up() {
  local version=${1#*-}
  kind=${1%%-*}
  case $1 in
    pg-18 | mysql-9.7 | etcd-3.5) suite=sid ;;
    pg-17 | mariadb-11.8) suite=trixie ;;
    pg-15 | mariadb-10.11 | etcd-3.4) suite=bookworm ;;
    pg-13 | mariadb-10.5 | etcd-3.3) suite=bullseye ;;
    *) die "no server is called $1; there are: $server_names" ;;
  esac
  case $kind in
    pg)
      packages="postgresql-$version postgresql-client-$version"
      bins=usr/lib/postgresql/$version/bin
      ;;
    etcd)
      packages="etcd-server etcd-client"
      bins=usr/bin
      ;;
    mysql)
      packages="mysql-server-core mysql-client-core mysql-client"
      bins="usr/sbin usr/bin"
      ;;
    mariadb)
      # Debian 11 still has the version in the packages' names.
      [ "$version" = 10.5 ] && version=-10.5 || version=
      packages="mariadb-server$version mariadb-server-core$version mariadb-client$version mariadb-client-core$version"
      bins="usr/sbin usr/bin"
      ;;
  esac
  root=$MATRIX_HOME/roots/$1
}
