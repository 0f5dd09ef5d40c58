// SPDX-License-Identifier: Apache-2.0

/// A table with a column of every kind of type, and rows with their edges.
enum EveryKind {
  static let schema = #"""
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine", or \ so', 'new');
    CREATE TYPE point3 AS (x int, "y z" text, w numeric[]);
    CREATE DOMAIN short AS varchar(10) CHECK (value <> 'forbidden');
    CREATE DOMAIN shorts AS short[];
    CREATE TYPE floats AS RANGE (subtype = float8);
    CREATE TABLE everything (
      id int PRIMARY KEY,
      mood mood,
      small smallint, large bigint, exact numeric, money_like numeric(12,2),
      single real, double double precision,
      flag boolean, letter char(4), word varchar(50), long text, internal "char", named name,
      bytes bytea,
      day date, moment timestamp, instant timestamptz(3), clock time, clock_tz timetz, span interval,
      document json, tree jsonb, markup xml, path jsonpath,
      unique_id uuid, host inet, net cidr, mac macaddr, mac8 macaddr8, bits bit(5), more_bits varbit,
      object oid, relation regclass, dot point, stroke lseg, frame box, route path, area polygon, ring circle,
      words tsvector, search tsquery, position pg_lsn,
      ints int[], grid int[][], texts text[], moods mood[], points point3[], shorts shorts,
      trees jsonb[], moments timestamptz[],
      blobs bytea[], place point3, nickname short,
      whole int4range, spans tstzrange, real_range floats, many int4multirange, ranges int4range[],
      "we""ird / näme" text,
      derived int GENERATED ALWAYS AS (id * 2) STORED
    )
    """#

  /// Values of the columns from `id` on; what is left out is NULL.
  static let rows = [
    "1", zeros, edges, #"3, NULL, -32768, -9223372036854775808, 'NaN', -0.00, '-Infinity', 'NaN'"#,
    #"4, NULL, 32767, 9223372036854775807, 'Infinity', 9999999999.99, 'Infinity', '-Infinity'"#,
    #"5, NULL, 0, 0, 1e-20, 0.10, 1e-45, 5e-324"#,
    "6, NULL, 0, 0, -123456789012345678901234567890.123456789, 1, 3.4028235e38, 1.7976931348623157e308",
    "7, NULL, 0, 0, 1e100, 1, 1e15, 1e15", "8, NULL, 0, 0, 0.000001, 1, 1e-5, 123456789012345680",
  ]

  private static let zeros = #"""
    0, 'sad', 0, 0, 0, 0, 0, '-0', false, '', '', '', '', '',
    '', '2000-01-01', '2000-01-01 00:00', '2000-01-01 00:00+00', '00:00', '00:00+00', '0',
    'null', 'null', '', '$', '00000000-0000-0000-0000-000000000000', '0.0.0.0', '0.0.0.0/0', '00:00:00:00:00:00',
    '00:00:00:00:00:00:00:00', B'00000', B'', 0, 'pg_class', '(0,0)', '((0,0),(0,0))', '((0,0),(0,0))', '((0,0))',
    '((0,0))', '<(0,0),0>', '', '', '0/0',
    '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', ROW(NULL, NULL, NULL), '',
    'empty', 'empty', 'empty', '{}', '{}', ''
    """#

  private static let edges = #"""
    2, 'it''s "fine", or \ so', 7, 42, 12.500, 12.50, 0.1, 0.1, true, 'ab', E'tab\tnl\nquote"back\\slash',
    E'control \u0001\u001f\u007f ünï\U0001F600 </script>', 'x', 'a name',
    '\x00ff10', 'infinity', '0044-03-15 13:14:15.123456 BC', '294276-12-31 23:59:59.999+00', '24:00:00',
    '23:59:59.5-15:59', '-1 year 2 mons -3 days 04:05:06.789',
    E'{"a" : [1, 2.50 , "x"],\n "b":null}', '{"b": 1.0, "a": [true, {"c": "d\"e"}], "n": 1e400}', '<a b="c">d</a>',
    '$.a[*] ? (@ > 1)', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '::ffff:1.2.3.4/128', '10.1.0.0/16',
    '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'10101', B'1', 4294967295, 'everything', '(1.5,-2e-7)',
    '((1,2),(3,4))', '((3,4),(1,2))', '[(1,2),(3,4)]', '((1,2),(3,4),(5,6))', '<(1,2),3>', 'fat:1A cat:2',
    'fat & !(rat | cat)', 'FFFFFFFF/FFFFFFFF',
    '[0:2]={1,NULL,3}', '{{1,2},{3,NULL}}', E'{"a,b","NULL",NULL,"q\\"uote","back\\\\slash",""," sp ace "}',
    '{sad,ok,"it''s \"fine\", or \\ so"}', ARRAY[ROW(1, 'a "b", (c)', '{1.50,NULL,NaN}')::point3, NULL],
    '{one,two}', ARRAY['{"k": [1]}', 'null', NULL]::jsonb[], '{2026-01-02 03:04:05+02,infinity,-infinity}',
    ARRAY['\x01'::bytea, NULL], ROW(-1, E'y\nz', '{}'), 'nick',
    '(1,5]', '[2026-01-01 00:00+00,)', '(0.5,1.5e10)', '{[1,3),[7,9)}', '{"[1,2)",empty,"(,)"}', E'in "the" odd / one'
    """#
}
