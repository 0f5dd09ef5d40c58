#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make.sh OUT [ROWS]: runs statements.sql on the server that psql reaches (PGHOST, PGPORT, PGUSER) and writes the corpus
# to the folder OUT. PSQL names another client. What the files hold is in README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1 rows=${2:-40}
read -ra psql <<<"${PSQL:-psql}"
psql+=(-X -q -v ON_ERROR_STOP=1)
export PGOPTIONS="-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=1"
PGOPTIONS+=" -c bytea_output=hex"
export PGCLIENTENCODING=UTF8
mkdir -p "$out"
"${psql[@]}" -v rows="$rows" -f - <"$here/statements.sql" >/dev/null
copy() { "${psql[@]}" -c "COPY ($1) TO STDOUT"; }
# Only what the tables lead to would do; all types of the two schemas is simpler.
ours="t.typnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('corpus', 'public'))"
copy "SELECT t.oid, t.typtype, t.typdelim, CASE WHEN e.oid IS NULL THEN 0 ELSE e.oid END, t.typbasetype,
    EXISTS (SELECT 1 FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
      WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
        AND d.refclassid = 'pg_extension'::regclass AND x.extname = 'hstore' AND t.typname = 'hstore')
  FROM pg_type t LEFT JOIN pg_type e ON e.typarray = t.oid WHERE $ours ORDER BY t.oid" >"$out/types.tsv"
copy "SELECT t.oid, a.attname, a.atttypid FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid
  WHERE t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND $ours ORDER BY t.oid, a.attnum" >"$out/members.tsv"
copy "SELECT c.relname, a.attname, a.atttypid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind = 'r' AND c.relnamespace = 'corpus'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname COLLATE \"C\", a.attnum" >"$out/columns.tsv"
: >"$out/rows.tsv"
"${psql[@]}" -At -c "SELECT
    format('COPY (SELECT %L, whole.*, row_to_json(whole) FROM corpus.%I whole) TO STDOUT;', relname, relname)
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'corpus'::regnamespace ORDER BY relname COLLATE \"C\"" |
  "${psql[@]}" -f - >>"$out/rows.tsv"
