-- What make.sh runs on each server before it reads the corpus: types, tables and rows that have broken systems like
-- ours (scenario S18), then random ones from a fixed seed. `:rows` is the number of random rows a table.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS corpus CASCADE;
CREATE SCHEMA corpus;
CREATE EXTENSION IF NOT EXISTS hstore SCHEMA public;
SET search_path = corpus, public;
SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1;
SET bytea_output = 'hex'; SET lc_monetary = 'C';
SELECT setseed(0.18);

CREATE TYPE mood AS ENUM ('sad', 'ok', 'hap,py', 'qu"ote', 'back\slash', '', 'NULL');
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE DOMAIN more_positive AS positive;
CREATE DOMAIN tags AS text[];
CREATE DOMAIN moment AS timestamptz;
CREATE DOMAIN document AS jsonb;
CREATE DOMAIN blob AS bytea;
CREATE DOMAIN crate AS box;
CREATE DOMAIN bag AS hstore;
CREATE TYPE point3 AS (x int, "y ""q""" float8, z text);
CREATE TYPE nested AS (p point3, ps point3[], j jsonb, t timestamptz, d date, b bytea, h hstore, k tags, v int2vector);
CREATE TYPE nothing AS ();
CREATE TYPE lonely AS (alone text);
CREATE DOMAIN place AS point3;

-- One table a built-in type: the value, it in an array with null, in a composite, and that in an array.
CREATE TEMP TABLE sample (type text, literals text[]);
INSERT INTO sample VALUES
  ('bool', '{t,f}'), ('bytea', ARRAY['\x', '\x00', '\x0001', '\x000102', '\xdeadbeef', '\xfffefdfcfbfa']),
  ('"char"', ARRAY['a', '', '"', '\', '\001', '{', ' ']), ('name', ARRAY['pg', '', 'a b']),
  ('int8', '{0,-1,9223372036854775807,-9223372036854775808}'), ('int2', '{0,32767,-32768}'),
  ('int4', '{0,2147483647,-2147483648}'), ('oid', '{0,4294967295}'), ('text', ARRAY['', 'NULL', 'null', 'a,b', '(x)']),
  ('regproc', '{now}'), ('regtype', '{int4,"timestamp with time zone"}'), ('regclass', '{pg_class}'), ('tid', '{"(0,1)"}'),
  ('xid', '{4294967295}'), ('cid', '{1}'), ('xid8', '{18446744073709551615}'), ('pg_lsn', '{16/B374D848}'),
  ('json', ARRAY['null', '"x"', '1', '{"a" : [1, 2 , {"b":"\u00e9 \n \" \\"}]}', E'[\n 1,\n\t2]', '""']),
  ('jsonb', ARRAY['null', '"x"', '1.50', '{"b": [1, {"a": "\u00e9 \n \" \\"}], "a": {}}', '[]', '""']),
  ('point', '{"(1,2)"}'), ('lseg', '{"[(1,2),(3,4)]"}'), ('path', '{"((1,2),(3,4))"}'), ('box', '{"(3,4),(1,2)"}'),
  ('polygon', '{"((1,2),(3,4))"}'), ('line', '{"{1,2,3}"}'), ('circle', '{"<(1,2),3>"}'),
  ('float4', '{0,-0,1.5,1e30,1e-30,NaN,Infinity,-Infinity,16777216,0.1}'),
  ('float8', '{0,-0,0.1,1e308,5e-324,1e15,1e16,123456789012345680,NaN,Infinity,-Infinity}'),
  ('money', '{12.34,-1234567.89,0}'), ('macaddr', '{08:00:2b:01:02:03}'), ('macaddr8', '{08:00:2b:01:02:03:04:05}'),
  ('inet', '{192.168.0.1/24,::1,10.0.0.1}'), ('cidr', '{10.0.0.0/8}'), ('char(5)', '{a,"",abcde}'),
  ('varchar(5)', '{a,"",abcde}'), ('date', '{2026-01-02,infinity,-infinity,"0044-03-15 BC",5874897-12-31,"4713-01-01 BC"}'),
  ('time', '{03:04:05,24:00:00,00:00:00.000001}'), ('timetz', '{03:04:05+02,"03:04:05.6-05:30"}'),
  ('timestamp', '{"2026-01-02 03:04:05","2026-01-02 03:04:05.6789",infinity,-infinity,"0044-03-15 12:00:00 BC",
    "294276-12-31 23:59:59.999999","4713-01-01 00:00:00 BC","0001-01-01 00:00:00"}'),
  ('timestamptz', '{"2026-01-02 03:04:05+00","2026-01-02 03:04:05.6789+05:30",infinity,-infinity,
    "0044-03-15 12:00:00+00 BC","294276-12-31 23:59:59.999999+00","4713-01-01 00:00:00+00 BC","0001-01-01 00:00:00+00"}'),
  ('interval', '{"1 year 2 mons -3 days 04:05:06.7","00:00:00","-1 days"}'), ('bit(4)', '{1010}'), ('varbit', '{101,""}'),
  ('numeric', '{0,-0.00,12.50,1e100,-0.000000000000000000001,NaN,123456789012345678901234567890.123456789}'),
  ('uuid', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'), ('tsvector', '{"''a'':1A ''b c'':2"}'),
  ('tsquery', '{"''a'' & !''b''"}'), ('int4range', '{"[1,5)",empty,"(,)","[3,)"}'), ('int8range', '{"[1,5)"}'),
  ('numrange', '{"(1.50,2]"}'), ('tsrange', '{"[2026-01-01 00:00:00,2026-01-02 00:00:00)"}'),
  ('tstzrange', '{"[2026-01-01 00:00:00+00,infinity)"}'), ('daterange', '{"[2026-01-01,2026-01-03)"}'),
  ('jsonpath', ARRAY['$."a"[*] ? (@ > 1)']), ('int2vector', '{"",1,"1 2 -3"}'), ('oidvector', '{"",1,"1 2 3"}'),
  ('refcursor', '{c}'), ('txid_snapshot', ARRAY['10:20:10,14,15']), ('pg_snapshot', '{10:20:10}'), ('xml', '{<a>b</a>}'),
  ('gtsvector', NULL), ('hstore', ARRAY['', 'a=>1', '"a b"=>"c\"d\\e", n=>NULL, "NULL"=>"NULL", ""=>""']),
  ('mood', ARRAY['sad', 'hap,py', 'qu"ote', 'back\slash', '', 'NULL']), ('positive', '{1}'), ('more_positive', '{2}'),
  ('tags', ARRAY['{}', '{a,NULL,"NULL","a\"b",""}', '[0:1]={x,y}']), ('moment', '{"2026-01-02 03:04:05+00",infinity}'),
  ('document', ARRAY['{"a": [1, "x"]}', '"s"']), ('blob', ARRAY['\x0102']), ('crate', '{"(3,4),(1,2)"}'),
  ('bag', ARRAY['a=>1, b=>NULL']), ('point3', ARRAY['(1,2.5,three)', '(,,)', '(,NaN,"")', '(1,,"a ""b"" \\ , ( ) ")']),
  ('place', ARRAY['(1,2,3)']), ('lonely', ARRAY['(x)', '()', '("")', '("""")']), ('nothing', ARRAY['()']);
INSERT INTO sample SELECT 'int4multirange', ARRAY['{[1,2),[5,9)}', '{}'] WHERE current_setting('server_version_num')::int >= 140000;
INSERT INTO sample SELECT 'tstzmultirange', ARRAY['{[2026-01-01 00:00:00+00,2026-01-02 00:00:00+00)}']
  WHERE current_setting('server_version_num')::int >= 140000;
INSERT INTO sample SELECT 'datemultirange', ARRAY['{[2026-01-01,2026-01-02),[2026-02-01,infinity)}']
  WHERE current_setting('server_version_num')::int >= 140000;
INSERT INTO sample SELECT 'numeric', ARRAY['Infinity', '-Infinity'] WHERE current_setting('server_version_num')::int >= 140000;

DO $$
DECLARE s record; plain text; literal text;
BEGIN
  FOR s IN SELECT type, array_agg(l) AS literals FROM sample LEFT JOIN LATERAL unnest(literals) l ON true GROUP BY type LOOP
    plain := regexp_replace(s.type, '\W', '', 'g') || CASE WHEN s.type LIKE '"%' THEN '_internal' ELSE '' END;
    EXECUTE format('CREATE TYPE %I AS (v %s, a %s[])', 'pair_' || plain, s.type, s.type);
    EXECUTE format('CREATE TABLE %I (v %s, a %s[], c %I, ca %I[])', 'one_' || plain, s.type, s.type,
      'pair_' || plain, 'pair_' || plain);
    FOREACH literal IN ARRAY s.literals LOOP
      -- Arrays from text, element by element: ARRAY[v] of a domain over an array would be flattened.
      EXECUTE format('INSERT INTO %1$I SELECT v, a, ROW(v, a)::%2$I, ARRAY[ROW(v, a)::%2$I, NULL, ROW(NULL, NULL)::%2$I]
        FROM (SELECT %3$L::text::%4$s AS v, ARRAY[%3$L, NULL, %3$L]::text[]::%4$s[] AS a) x',
        'one_' || plain, 'pair_' || plain, literal, s.type);
    END LOOP;
    EXECUTE format('INSERT INTO %I VALUES (NULL, NULL, NULL, NULL), (NULL, ''{}'', ROW(NULL, ''{}''), ''{}'')',
      'one_' || plain);
  END LOOP;
END $$;

CREATE TABLE bounds (a int[], b text[], c int[][], d box[], e int2vector[], f point3[], g jsonb[], h "char"[]);
INSERT INTO bounds VALUES
  ('[0:2]={1,2,3}', '[-5:-4]={a,NULL}', '[1:2][-1:0]={{1,2},{3,4}}', '{(1,1),(0,0);(2,2),(0,0)}', ARRAY['1 2', '3']::int2vector[],
   '[2:3]={"(1,2,x)",NULL}', ARRAY['{"a": 1}', NULL, '"x"']::jsonb[], '{a,"{",""}'),
  ('{{{{{{1}}}}}}', '{{a,b},{"c,d","e}f"}}', '{{1,NULL},{NULL,4}}', '{}', '{}', '{}', '{}', '{}'),
  ('[-2147483648:-2147483647]={1,2}', '{NULL,"NULL",null,"null",Null}', NULL, '[0:0]={(1,1),(0,0)}', NULL, NULL, NULL, NULL);

CREATE TABLE deep (n nested, ns nested[], e nothing, l lonely, ls lonely[], w bounds);
INSERT INTO deep SELECT n, ARRAY[n, NULL], '()', ROW('a"b\c')::lonely, ARRAY[ROW(NULL), ROW('')]::lonely[], whole
  FROM bounds whole, LATERAL (SELECT ROW(ROW(1, 'NaN', E'\n\t"\\,)')::point3, ARRAY[ROW(2, 1e20, '😀')::point3],
    '{"k": ["v\\\"", null]}', '0044-03-15 12:00:00+00 BC', 'infinity', '\x00ff', '"a\"b"=>"c\\d", "n"=>NULL',
    ARRAY['x y', NULL, 'NULL'], '7 8')::nested AS n) x;

CREATE TABLE "we""ird / näme" ("we""ird / näme" int, "tab	in" text, "line
in" text, "\back" text, "%" text, "😀" text);
INSERT INTO "we""ird / näme" VALUES (1, E'a\tb', E'c\nd', E'e\\f', '\N', '😀'), (NULL, '', '\.', E'\\', 'NULL', NULL);

CREATE TABLE characters (code int, t text, a text[], c lonely, h hstore, j json, k jsonb, ch char(3));
INSERT INTO characters SELECT code, s, ARRAY[s, s || s], ROW(s)::lonely, hstore(s, s), to_json(s), to_jsonb(s), s
  FROM (SELECT code, 'x' || chr(code) || 'y' AS s FROM generate_series(1, 127) code
    UNION ALL SELECT code, chr(code) FROM unnest(ARRAY[128, 255, 8232, 8233, 65535, 65536, 128512, 1114111]) code
    UNION ALL SELECT code, chr(code) FROM generate_series(1, 127) code) x;

CREATE TABLE dropped (a int, gone text, b text, also int, c int);
CREATE TABLE wraps (w dropped, ws dropped[]);
ALTER TABLE dropped DROP COLUMN gone, DROP COLUMN also;
INSERT INTO dropped VALUES (1, 'x', 2);
INSERT INTO wraps SELECT d, ARRAY[d] FROM dropped d;

-- Random rows: text from an alphabet of everything that some layer escapes or takes for syntax.
CREATE FUNCTION word(longest int) RETURNS text VOLATILE LANGUAGE sql AS $$
  SELECT coalesce(string_agg((ARRAY['a', 'Z', '0', ' ', '"', '\', ',', '{', '}', '(', ')', '[', ']', ';', ':', '=>', 'NULL',
    chr(9), chr(10), chr(13), chr(8), chr(12), chr(11), chr(1), chr(31), chr(127), 'é', '中', '😀', '\N', '\.', '/', '%',
    repeat('plain text ', 3)])[1 + floor(random() * 33)::int], ''), '')
  FROM generate_series(1, floor(random() * (longest + 1))::int) $$;
CREATE FUNCTION maybe(v anyelement) RETURNS anyelement VOLATILE LANGUAGE sql AS
  $$ SELECT CASE WHEN random() < 0.15 THEN NULL ELSE v END $$;
CREATE TABLE random_scalars (id int8, i2 int2, i4 int4, n numeric, f4 float4, f8 float8, b bool, t text, d date, ts timestamp,
  tz timestamptz, tm time, iv interval, y bytea, j json, k jsonb, u uuid, h hstore, r int4range, e mood);
INSERT INTO random_scalars SELECT g, maybe((random() * 60000 - 30000)::int2), maybe((random() * 4e9 - 2e9)::int4),
  maybe(round((random() * 2 - 1)::numeric * (10 ^ floor(random() * 40)::int)::numeric, floor(random() * 20)::int)),
  maybe(((random() * 2 - 1) * 10 ^ floor(random() * 60 - 30))::float4), maybe((random() * 2 - 1) * 10 ^ floor(random() * 600 - 300)),
  maybe(random() < 0.5), maybe(word(12)), maybe('4713-01-01 BC'::date + floor(random() * 4000000)::int),
  maybe('4713-01-01 BC'::timestamp + random() * interval '299000 years'),
  maybe('4713-01-02 00:00:00+00 BC'::timestamptz + random() * interval '9000 years'), maybe(time '00:00' + random() * interval '1 day'),
  maybe(random() * interval '10 years' - random() * interval '5 years'), maybe(convert_to(word(6), 'UTF8')), maybe(to_json(word(9))),
  maybe(jsonb_build_object(word(4), word(4), 'n', round(random()::numeric, 5), 'a', jsonb_build_array(NULL, word(3), true))),
  maybe(md5(g::text)::uuid), maybe(hstore(ARRAY[word(4), maybe(word(4)), 'k', word(3)])), maybe(int4range(g, g + 5)),
  maybe((enum_range(NULL::mood))[1 + floor(random() * 7)::int])
  FROM generate_series(1, :rows) g;
CREATE TABLE random_nested (a text[], m text[], p point3, ps point3[], hs hstore[], js jsonb[], n nested, ns nested[], ts timestamptz[],
  ys bytea[], nu numeric[], es mood[], tg tags, tgs tags[]);
INSERT INTO random_nested SELECT a, m, p, maybe(ARRAY[p, maybe(p)]), maybe(ARRAY[h, maybe(h)]), maybe(ARRAY[k, maybe(k)]), whole,
  maybe(ARRAY[whole, maybe(whole)]), ARRAY[r.tz, NULL], ARRAY[r.y], ARRAY[r.n, r.n], ARRAY[r.e, maybe(r.e)], a, ARRAY[a::text, a::text]::tags[]
  FROM (SELECT s.*, ROW(p, ARRAY[p, p], k, tz, d, y, h, a, '1 2')::nested AS whole FROM (
    SELECT r.*, ARRAY[word(3), maybe(word(3))] AS a, ARRAY[ARRAY[word(2), maybe(word(3))], ARRAY[word(4), '']] AS m,
      ROW(i4, f8, maybe(word(5)))::point3 AS p FROM random_scalars r) s) r;
