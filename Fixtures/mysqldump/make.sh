#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# make.sh FOLDER: writes the dump files of this directory again, and beside them what each server itself says of the
# rows: one line a row, with schema, table and every column that an INSERT can name, in hexadecimal. FOLDER is for the
# servers; user nobody must be able to read it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
servers=$here/../../tools/servers.sh
folder=$1

# A query that prints queries: one for each table.
rows_query() {
  cat <<'EOQUERY'
SET SESSION group_concat_max_len = 1000000;
SELECT CONCAT('SELECT CONCAT_WS('' '',', QUOTE(CONCAT(table_schema, '.', table_name)), ',', GROUP_CONCAT(
  CONCAT('IFNULL(HEX(', CASE
    WHEN data_type IN ('binary', 'varbinary', 'blob', 'point', 'geometry', 'vector') THEN col
    WHEN data_type = 'bit' THEN CONCAT('CONCAT(', col, ')')
    WHEN character_set_name IS NOT NULL THEN CONCAT('CONVERT(', col, ' USING utf8mb4)')
    ELSE CONCAT('CAST(', col, ' AS CHAR)') END, '),''NULL'')') ORDER BY ordinal_position), ') FROM `',
  REPLACE(table_schema, '`', '``'), '`.`', REPLACE(table_name, '`', '``'), '`;')
FROM (SELECT c.*, CONCAT('`', REPLACE(column_name, '`', '``'), '`') col FROM information_schema.columns c
  JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema IN ('shop', 'od`d') AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
    AND table_name <> 'not_chosen' AND (extra NOT LIKE '% GENERATED%' OR @@version LIKE '%MariaDB%')) c
GROUP BY table_schema, table_name;
EOQUERY
}

record() {
  local name=$1 kind=${1%-*} root=$folder/$1 client position tool
  "$servers" install "$name"
  "$servers" start "$name" --datadir "$root" >/dev/null
  client=("$servers" client "$name" "$kind" --no-defaults -uroot -S "$root/s.sock" --default-character-set=utf8mb4)
  "${client[@]}" <"$here/statements.sql"
  "${client[@]}" <"$here/$kind.sql"
  position=(--source-data=2 --set-gtid-purged=AUTO --column-statistics=0)
  [ "$kind" = mysql ] || position=(--master-data=2 --gtid)
  tool=("$servers" client "$name" mysqldump --no-defaults -uroot -S "$root/s.sock" --single-transaction --quick)
  "${tool[@]}" "${position[@]}" --hex-blob --complete-insert --skip-triggers --default-character-set=utf8mb4 \
    --tz-utc --skip-add-locks --skip-add-drop-table --skip-disable-keys --no-create-db --no-tablespaces \
    --ignore-table=shop.not_chosen --ignore-table=shop.v --databases shop 'od`d' >"$here/$name-tool.sql"
  # As an operator would have it: positions as statements, strings of bytes as they are.
  "${tool[@]}" "${position[@]/data=2/data=1}" --default-character-set=utf8mb4 shop kinds gen parts extra \
    >"$here/$name-plain.sql"
  rows_query | "${client[@]}" -N --raw >"$folder/$name.queries"
  { echo "SET time_zone='+00:00';" && cat "$folder/$name.queries"; } | "${client[@]}" -N --raw |
    LC_ALL=C sort >"$here/$name.expected.txt"
  "$servers" stop --datadir "$root"
}

for name in mysql-9.7 mariadb-10.5 mariadb-10.11 mariadb-11.8; do record "$name"; done
