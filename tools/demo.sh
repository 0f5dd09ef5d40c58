#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A small shop in a throw-away PostgreSQL, a throw-away etcd, and syncd between them: rows change in front of you, and
# you see what happens to the keys. Takes about a minute once syncd is built; everything it starts ends with it.
#
# SYNCD names a binary to use instead of building one.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
postgres=pg-15 etcd=etcd-3.5

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' faint=$'\e[2m' green=$'\e[32m' red=$'\e[31m' blue=$'\e[34m' plain=$'\e[0m' pause=1.5
else
  bold='' faint='' green='' red='' blue='' plain='' pause=0.3
fi
title() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
say() { printf '%s%s%s\n' "$faint" "$*" "$plain"; }

title "What is needed"
tools/install-deps.sh
tools/servers.sh install $postgres $etcd
if [ -z "${SYNCD:-}" ]; then
  tools/build-static.sh
  SYNCD=$PWD/.build/static/syncd
fi
say "syncd: $SYNCD"

# In the folder for temporary files, because the servers do not run as root.
folder=$(mktemp -d "${TMPDIR:-/tmp}/sync-demo-XXXXXX")
chmod 755 "$folder"
syncd_pid='' watch_pid=''

clean_up() {
  local status=$?
  trap - EXIT INT TERM HUP
  if [ $status -ne 0 ] && [ $status -lt 128 ] && [ -f "$folder/syncd.log" ]; then
    printf '\nThe demo stopped early. The last words of syncd:\n' >&2
    tail -15 "$folder/syncd.log" >&2
  fi
  [ -z "$watch_pid" ] || kill "$watch_pid" 2>/dev/null || true
  [ -z "$syncd_pid" ] || kill -TERM "$syncd_pid" 2>/dev/null || true
  wait 2>/dev/null || true
  tools/servers.sh stop --datadir "$folder/postgres" || true
  tools/servers.sh stop --datadir "$folder/etcd" || true
  rm -rf "$folder"
  exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

title "A PostgreSQL and an etcd of our own"
tools/servers.sh start $postgres --datadir "$folder/postgres" &
starting=$!
tools/servers.sh start $etcd --datadir "$folder/etcd"
wait $starting
pg_port=$(cat "$folder/postgres/port") etcd_port=$(cat "$folder/etcd/port")

sql() { # DATABASE USER, statements on standard input
  tools/servers.sh client $postgres psql -qAtX -v ON_ERROR_STOP=1 -h "$folder/postgres" -p "$pg_port" -d "$1" -U "$2" \
    -f -
}
etcdctl() { ETCDCTL_API=3 tools/servers.sh client $etcd etcdctl --endpoints "127.0.0.1:$etcd_port" "$@"; }

sql postgres postgres <<<"CREATE ROLE sync LOGIN REPLICATION PASSWORD 'demo'; CREATE DATABASE shop OWNER sync;"
sql shop sync <tools/demo/shop.sql
rows() {
  sql shop sync <<<"SELECT (SELECT count(*) FROM categories) + (SELECT count(*) FROM customers)
    + (SELECT count(*) FROM articles) + (SELECT count(*) FROM orders) + (SELECT count(*) FROM order_lines);"
}
keys() { etcdctl get --prefix /shop/ --keys-only | grep -c . || true; }
say "the shop: $(rows) rows in categories, customers, articles, orders, order_lines"

title "The configuration"
cat >"$folder/sync.yml" <<X
name: demo
database:
  driver: pgx
  host: 127.0.0.1
  port: $pg_port
  user: sync
  password: \${SYNC_DEMO_PASSWORD}
  name: shop
etcd:
  endpoints: ["127.0.0.1:$etcd_port"]
  path: shop
http:
  listen: ""
X
cat "$folder/sync.yml"

start_syncd() {
  SYNC_DEMO_PASSWORD=demo "$SYNCD" run -c "$folder/sync.yml" 2>>"$folder/syncd.log" &
  syncd_pid=$!
}

# wait_until SECONDS COMMAND...; fails at once when syncd has ended.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    kill -0 "$syncd_pid" 2>/dev/null || { echo "syncd has ended" >&2; return 1; }
    [ $SECONDS -lt $end ] || { echo "it takes too long" >&2; return 1; }
    sleep 0.1
  done
}
all_keys_there() { [ "$(keys)" = "$(rows)" ]; }

title "Dump: every row becomes a key"
start_syncd
wait_until 30 all_keys_there
say "$(rows) rows, $(keys) keys. Some of them:"
for key in categories/2 articles/KNF-004 customers/7 orders/1003 order_lines/1003/2; do
  etcdctl get "/shop/public/$key" | paste - - | sed "s|^\([^\t]*\)\t|$green\1$plain  |"
done
sleep $pause

title "Sync: every change follows"
: >"$folder/watch"
ETCDCTL_API=3 tools/servers.sh client $etcd etcdctl --endpoints "127.0.0.1:$etcd_port" watch --prefix /shop/ \
  >"$folder/watch" 2>/dev/null &
watch_pid=$!
sleep 0.5

# etcdctl prints an event as three lines: what, key, value.
shown=0
events() { echo $(($(wc -l <"$folder/watch") / 3)); }
show_events() {
  tail -n +$((shown * 3 + 1)) "$folder/watch" | paste - - - |
    awk -F '\t' -v put="$green" -v del="$red" -v plain="$plain" '
      $1 == "PUT" { printf "  %sput%s     %s\n          %s\n", put, plain, $2, $3 }
      $1 == "DELETE" { printf "  %sdelete%s  %s\n", del, plain, $2 }'
  shown=$(events)
}
has_events() { [ "$(events)" -ge $((shown + $1)) ]; }

# change EVENTS COMMENT, statements on standard input
change() {
  local statements
  statements=$(cat)
  printf '\n%s-- %s%s\n%s%s%s\n' "$faint" "$2" "$plain" "$blue" "$statements" "$plain"
  sql shop sync <<<"$statements"
  wait_until 15 has_events "$1"
  show_events
  sleep $pause
}

change 1 "a new customer" <<'X'
INSERT INTO customers (id, email, name, address, newsletters, since)
VALUES (301, 'zoë@example.org', 'Zoë "Z" Ångström', '{"city": "Malmö", "street": "Kungsgatan 1"}', '{weekly}',
        '2026-02-03');
X
change 4 "an order with its lines: one transaction, one revision of etcd" <<'X'
BEGIN;
INSERT INTO orders (id, customer_id, total, placed_at) VALUES (5000, 301, 40.25, '2026-02-03 10:15:00.25+01');
INSERT INTO order_lines VALUES (5000, 1, 'KNF-004', 2, 10.50), (5000, 2, 'POT-009', 1, 19.25);
UPDATE articles SET stock = stock - 2 WHERE sku = 'KNF-004';
COMMIT;
X
revision() { etcdctl get "/shop/public/$1" -w fields | sed -n 's/^"ModRevision" : //p'; }
say "revisions: order $(revision orders/5000), lines $(revision order_lines/5000/1) and" \
  "$(revision order_lines/5000/2), article $(revision articles/KNF-004)"
change 1 "an enum" <<'X'
UPDATE orders SET status = 'paid' WHERE id = 5000;
X
change 1 "a document and an array" <<'X'
UPDATE customers SET address = address || '{"postcode": "21122"}', newsletters = newsletters || '{sales}'
WHERE id = 301;
X
change 2 "a key changes: the old one goes and the new one comes, together" <<'X'
UPDATE order_lines SET line = 3 WHERE order_id = 5000 AND line = 2;
X
change 1 "what is rolled back is never seen; what comes after it is" <<'X'
BEGIN; DELETE FROM order_lines; ROLLBACK;
UPDATE categories SET name = 'Pots, pans & lids' WHERE id = 3;
X

printf '\n%s-- kill -9 of syncd, changes while it is away, and a new start%s\n' "$faint" "$plain"
{ kill -9 "$syncd_pid" && wait "$syncd_pid"; } 2>/dev/null || true # the shell would report it
statements="DELETE FROM orders WHERE id = 5000; -- its lines go with it
UPDATE articles SET price = price * 1.10 WHERE sku = 'KNF-004';"
printf '%s%s%s\n' "$blue" "$statements" "$plain"
sql shop sync <<<"$statements"
start_syncd
wait_until 30 has_events 4
show_events

title "The end"
wait_until 15 all_keys_there
say "$(rows) rows, $(keys) keys"
kill -TERM "$syncd_pid"
status=0
wait "$syncd_pid" || status=$?
syncd_pid=''
say "syncd ended after SIGTERM with status $status; its servers follow"
[ $status = 0 ]
