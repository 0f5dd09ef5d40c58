// SPDX-License-Identifier: Apache-2.0

/// Tables with a column of every type, of many character sets and of every kind of key, with the edges of each.
///
/// All have an integer `n` that is neither key nor generated: adding to it sends each row through the log.
enum EveryMySQLKind {
  static let tables = [
    "kinds", "moments", "texts", "labels", "documents", "shapes", "derived", "word_key", "pair_key", "day_key",
    "byte_key", "number_key", "label_key", "we`ird / näme%",
  ]

  static func schema(_ server: String) -> String {
    let mariaDB = server.hasPrefix("mariadb")
    return "SET sql_mode = 'ALLOW_INVALID_DATES';\n" + numbers + moments + texts + labels + documents
      + (mariaDB ? mariaDBDocuments : mySQLDocuments) + shapes + derived + keys
      + (mariaDB ? mariaDBOnly(server) : mySQLOnly)
  }

  /// Tables that only one family, or only some versions have.
  static func furtherTables(_ server: String) -> [String] {
    switch server {
    case "mariadb-10.5": ["compressed", "addresses"]
    case "mariadb-10.11": ["compressed", "addresses", "identities"]
    case "mariadb-11.8": ["compressed", "addresses", "identities", "vectors"]
    default: ["keyless", "vectors"]
    }
  }

  /// Sends every row through the log.
  static func update(_ server: String) -> String {
    (tables + furtherTables(server)).map { name in
      "UPDATE `\(name.map { $0 == "`" ? "``" : String($0) }.joined())` SET n = n + 1;\n"
    }.joined()
  }

  private static let numbers = """
    CREATE TABLE kinds (
      id int PRIMARY KEY, n int NOT NULL DEFAULT 0,
      i1 tinyint, u1 tinyint unsigned, flag boolean, i2 smallint, u2 smallint unsigned, i3 mediumint,
      u3 mediumint unsigned, i4 int, u4 int unsigned, z4 int(7) unsigned zerofill, i8 bigint, u8 bigint unsigned,
      d0 decimal(10,0), d2 decimal(12,2), d30 decimal(65,30), du decimal(5,3) unsigned, dz decimal(8,2) zerofill,
      single float, double_ double, fixed float(9,3), fixed_double double(20,4), positive float unsigned,
      b1 bit, b5 bit(5), b64 bit(64), y year,
      fixed_bytes binary(5), bytes varbinary(300), tiny tinyblob, b blob, medium mediumblob, long_ longblob
    );
    INSERT INTO kinds (id) VALUES (1);
    INSERT INTO kinds VALUES (2, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, b'0', b'0',
      b'0', 0, '', '', '', '', '', '');
    INSERT INTO kinds VALUES (3, 0, -128, 255, true, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295,
      4294967, -9223372036854775808, 18446744073709551615, -9999999999, -9999999999.99,
      -99999999999999999999999999999999999.999999999999999999999999999999, 99.999, 999999.99, -3.40282e38,
      -1.7976931348623157e308, -123456.789, -9999999999999.9999, 1e-30, b'1', b'11111', ~0, 2155,
      X'00FF', X'00FF0A', X'00', REPEAT(X'00FF275C', 100), REPEAT('m', 70000), X'E4F6FC');
    INSERT INTO kinds VALUES (4, 0, 127, 128, 1, 32767, 32768, 8388607, 8388608, 2147483647, 2147483648, 42,
      9223372036854775807, 9223372036854775808, 9999999999, 0.10, 0.000000000000000000000000000001, 0.100, 0.50,
      0.1, 0.1, 0.125, 1.5, 16777216, b'1', b'101', 1, 1901, X'2020202020', '  spaces  ', '\\'"', '%/', 'b', 'c');
    INSERT INTO kinds (id, d30, single, double_) VALUES
      (5, 123456789012345678901234567890.12345, 1.17549e-38, 2.2250738585072014e-308), (6, -0.5, 1e10, 1e15),
      (7, 1, 1e-45, 5e-324), (8, 100, 3.4028235e38, 123456789012345680), (9, -1, 1e15, 1e16), (10, 1, 1e16, 1e21),
      (11, 1, 1e-4, 1e-4), (12, 1, 1e-5, 1e-5), (13, 1, 0.3, 0.30000000000000004), (14, 1, 1e7, 1e22),
      (15, 0, 123456.7, 9007199254740993), (16, 0, -0.0, -0.0), (17, 0, 8388608.5, 1e100), (18, 0, 1e-7, 1.5e-7);

    """

  private static let moments = """
    CREATE TABLE moments (
      id int PRIMARY KEY, n int NOT NULL DEFAULT 0, d date, t0 time, t1 time(1), t3 time(3), t6 time(6), m0 datetime,
      m2 datetime(2), m3 datetime(3), m6 datetime(6), s0 timestamp NULL, s4 timestamp(4) NULL, s6 timestamp(6) NULL
    );
    INSERT INTO moments (id) VALUES (1);
    INSERT INTO moments VALUES (2, 0, '0000-00-00', '0', '0', '0', '0', '0000-00-00', '0000-00-00', '0000-00-00',
      '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00');
    INSERT INTO moments VALUES (3, 0, '9999-12-31', '838:59:59', '838:59:58.9', '838:59:58.999', '838:59:58.999999',
      '9999-12-31 23:59:59', '9999-12-31 23:59:59.99', '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.999999',
      '2038-01-19 03:14:07', '2038-01-19 03:14:07.9999', '2038-01-19 03:14:07.999999');
    INSERT INTO moments VALUES (4, 0, '1000-01-01', '-838:59:59', '-838:59:58.9', '-00:00:00.001', '-00:00:00.000001',
      '1000-01-01 00:00:00', '2026-00-00 01:02:03.45', '2026-02-30 01:02:03.456', '2026-01-00 00:00:00.000001',
      '1970-01-01 00:00:01', '1970-01-01 00:00:01.0001', '1970-01-01 00:00:01.000001');
    INSERT INTO moments VALUES (5, 0, '2026-00-00', '-00:00:01', '-01:00:00.5', '12:34:56.789', '-12:34:56.000010',
      '2026-01-02 03:04:05', '2026-01-02 03:04:05.6', '2026-01-02 03:04:05', '2026-01-02 03:04:05.6789',
      '2026-06-30 22:00:00', '2026-03-29 01:30:00.5', '2026-10-25 00:30:00.000001');

    """

  private static let characterSets = [
    "latin1", "latin2", "cp1250", "cp1251", "koi8r", "greek", "hebrew", "ascii", "gbk", "gb2312", "big5", "sjis",
    "cp932", "ujis", "eucjpms", "euckr", "utf8mb3", "utf8mb4", "ucs2", "utf16", "utf16le", "utf32",
  ]

  private static let samples: [String: String] = [
    "latin1": "Grüße €ñ", "latin2": "Łódź", "cp1250": "Łódź „", "cp1251": "Привет №", "koi8r": "Привет",
    "greek": "Αθήνα",
    "hebrew": "שלום", "ascii": "plain ~", "gbk": "你好世界啊", "gb2312": "你好", "big5": "許功蓋", "sjis": "表ソ十ｱ",
    "cp932": "表①髙", "ujis": "日本語ｱ", "eucjpms": "日本①", "euckr": "안녕하세요",
  ]

  /// Texts whose bytes contain a backslash in some sets, and what needs escaping in JSON.
  private static let texts: String = {
    var columns = ""
    var first = ""
    var second = ""
    for set in characterSets {
      columns += ", c_\(set) char(12) CHARACTER SET \(set), v_\(set) varchar(300) CHARACTER SET \(set), "
      columns += "t_\(set) text CHARACTER SET \(set)"
      let sample = samples[set] ?? (set == "utf8mb3" || set == "ucs2" ? "ünï€漢" : "ünï€漢😀")
      first += ", '\(sample)', '\(sample)\\n\\t\"\\\\\\'\\0\u{7F} ', REPEAT('\(sample)', 30)"
      second += ", '', '', ''"
    }
    return """
      CREATE TABLE texts (id int PRIMARY KEY, n int NOT NULL DEFAULT 0\(columns)) ROW_FORMAT = DYNAMIC;
      INSERT INTO texts (id) VALUES (1);
      INSERT INTO texts VALUES (2, 0\(first));
      INSERT INTO texts VALUES (3, 0\(second));
      CREATE TABLE `we``ird / näme%` (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, `we``ird "cölumn" \\ / name` text,
                                      tiny tinytext, medium mediumtext, long_ longtext, fixed char(255), `1` int);
      INSERT INTO `we``ird / näme%` VALUES (1, 0, 'x', 'tiny', REPEAT('é', 40000), 'long', 'trailing   ', 1);

      """
  }()

  private static let manyLabels = (1...300).map { "'label \($0)'" }.joined(separator: ",")

  private static let labels = """
    CREATE TABLE labels (
      id int PRIMARY KEY, n int NOT NULL DEFAULT 0, e enum('a', '', 'it''s "x"', 'ü,\\\\ö'),
      l enum('grün', 'blå') CHARACTER SET latin1, many enum(\(manyLabels)), u enum('表', '十') CHARACTER SET sjis,
      s set('one', 'two', 'th''ree', 'für'), ls set('grün', 'blå') CHARACTER SET latin1,
      wide set(\((1...64).map { "'m\($0)'" }.joined(separator: ",")))
    );
    INSERT INTO labels (id) VALUES (1);
    INSERT INTO labels VALUES (2, 0, 'no such label', 'grün', 1, '表', '', '', '');
    INSERT INTO labels VALUES (3, 0, '', 'blå', 'label 300', '十', 'für,one', 'blå,grün', 'm64,m1');
    INSERT INTO labels VALUES (4, 0, 'it''s "x"', 'blå', 'label 256', '十', 'one,two,th''ree,für', 'blå', ~0);
    INSERT INTO labels VALUES (5, 0, 4, 2, 255, 2, 5, 3, 1);

    """

  private static let documents = #"""
    CREATE TABLE documents (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, j json, k json NOT NULL);
    INSERT INTO documents VALUES (1, 0, NULL, 'null'), (2, 0, '{}', '[]'), (3, 0, 'true', '"text"'), (4, 0, '-1', '0'),
      (5, 0, '{"b": 1, "a": [true, false, null, {"c": "d\\"e\\\\f/\\u0001\\n\\u00e9 ünï😀"}], "aa": {"": ""}}',
       '[[], [[]], {}]'),
      (6, 0, '18446744073709551615', '-9223372036854775808'),
      (7, 0, '[32767, 32768, 65535, 65536, -32769]', '2147483648'),
      (8, 0, '[1.5, -0.25, 1e100, 0.1, 1.7976931348623157e308]', '123456789.125');

    """#

  private static let mySQLDocuments = """
    INSERT INTO documents VALUES
      (20, 0, JSON_ARRAY(CAST('1.50' AS DECIMAL(10,2)), CAST('2026-01-02' AS DATE), CAST('-01:02:03.5' AS TIME(6)),
       CAST('2026-01-02 03:04:05.678' AS DATETIME(6)), X'00FF', b'101'), JSON_OBJECT('k', CAST(1 AS DECIMAL(30,10)))),
      (21, 0, CONCAT('[', REPEAT('"a long string to get large offsets", ', 3000), '1]'),
       JSON_OBJECT(REPEAT('k', 200), 1)),
      (22, 0, JSON_OBJECT('zz', 1, 'a', 2, 'mm', 3, 'b', 4, 'längst', 5), '{"a": 1, "a": 2}');

    """

  private static let mariaDBDocuments = #"""
    INSERT INTO documents VALUES (30, 0, '{ "kept" :\n [ 1.50 , 1E2, "a  b\\/\\u00e4" ] , "kept": 2 }', ' "x y" ');
    ALTER TABLE documents ADD checked text CHARACTER SET latin1 CHECK (json_valid(`checked`)),
      ADD plain text CHECK (plain <> 'x');
    UPDATE documents SET checked = '{"ä": [1, 2]}', plain = '{ "a" : 1 }' WHERE id < 4;

    """#

  private static let shapes = """
    CREATE TABLE shapes (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, g geometry, p point, l linestring, a polygon,
      mp multipoint, ml multilinestring, ma multipolygon, c geometrycollection);
    INSERT INTO shapes (id) VALUES (1);
    INSERT INTO shapes VALUES (2, 0, ST_GeomFromText('POINT(1 2)', 4326), ST_GeomFromText('POINT(-1.5 2e10)'),
      ST_GeomFromText('LINESTRING(0 0, 1 1)'), ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))', 3857),
      ST_GeomFromText('MULTIPOINT(0 0, 1 1)'), ST_GeomFromText('MULTILINESTRING((0 0, 1 1))'),
      ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))'),
      ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 1 1))'));

    """

  private static let derived = """
    CREATE TABLE derived (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, word varchar(20),
      twice int GENERATED ALWAYS AS (n * 2) STORED, thrice int GENERATED ALWAYS AS (n * 3) VIRTUAL,
      loud varchar(30) GENERATED ALWAYS AS (CONCAT(UPPER(word), '!')) VIRTUAL, hidden int INVISIBLE DEFAULT 7,
      last text, KEY (thrice));
    INSERT INTO derived (id, n, word, last) VALUES (1, 1, NULL, 'z'), (2, 2, 'wörd', NULL), (3, 3, '', '');
    INSERT INTO derived (id, n, hidden) VALUES (4, 4, 8);

    """

  /// What a key may be of, and characters that it escapes.
  private static let keys = #"""
    CREATE TABLE word_key (word varchar(200) COLLATE utf8mb4_bin PRIMARY KEY, n int NOT NULL DEFAULT 0);
    INSERT INTO word_key (word) VALUES (''), ('a/b'), ('a%2Fb'), ('line\nbreak'), ('tab\t\0nul'), ('ünï😀'),
      ('"quoted\\'), ('\Z'), (REPEAT('long ', 40)), (' x'), ('.'), ('é'), (_utf8mb4 X'65CC81');
    CREATE TABLE pair_key (note text, b varchar(20) NOT NULL, n int NOT NULL DEFAULT 0, a smallint unsigned NOT NULL,
                           c char(4) CHARACTER SET latin1 NOT NULL, PRIMARY KEY (a, b, c));
    INSERT INTO pair_key VALUES ('x', 'b/', 0, 65535, 'ü'), (NULL, '', 0, 1, ''), ('y', '%', 0, 1, '/'),
      ('z', '/', 0, 1, '%');
    CREATE TABLE day_key (d date, m datetime(3), s timestamp(2) DEFAULT '2001-01-01', t time(1), y year,
                          n int NOT NULL DEFAULT 0, PRIMARY KEY (d, m, s, t, y));
    INSERT INTO day_key (d, m, s, t, y) VALUES ('2026-01-02', '2026-01-02 03:04:05.6', '2026-01-02 03:04:05.67',
      '-01:02:03.4', 2026), ('0000-00-00', '0000-00-00', '2001-01-01', '00:00', 1901);
    CREATE TABLE byte_key (b varbinary(10), f binary(3), n int NOT NULL DEFAULT 0, PRIMARY KEY (b, f));
    INSERT INTO byte_key (b, f) VALUES ('', ''), (X'00FF2F25', X'0100'), ('/', '%');
    CREATE TABLE number_key (d decimal(10,3), u bigint unsigned, b bit(9), f double, n int NOT NULL DEFAULT 0,
                             PRIMARY KEY (d, u, b, f));
    INSERT INTO number_key (d, u, b, f) VALUES (12.5, 18446744073709551615, b'100000001', 0.1), (-0.001, 0, 0, -1e100);
    CREATE TABLE label_key (e enum('a', 'b/c', 'ü'), s set('x', 'y'), n int NOT NULL DEFAULT 0, PRIMARY KEY (e, s));
    INSERT INTO label_key (e, s) VALUES ('a', ''), ('b/c', 'x'), ('ü', 'x,y');

    """#

  private static let mySQLOnly = """
    SET SESSION sql_generate_invisible_primary_key = ON;
    CREATE TABLE keyless (word varchar(20), n int NOT NULL DEFAULT 0);
    SET SESSION sql_generate_invisible_primary_key = OFF;
    INSERT INTO keyless VALUES ('one', 0), ('two', 0), (NULL, 0);
    CREATE TABLE vectors (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, v vector(3), w vector);
    INSERT INTO vectors VALUES (1, 0, NULL, NULL), (2, 0, TO_VECTOR('[1, -0.1, 3.4e38]'), TO_VECTOR('[1.5e-30]'));

    """

  private static func mariaDBOnly(_ server: String) -> String {
    var text = """
      CREATE TABLE compressed (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, t text COMPRESSED,
                               v varchar(500) COMPRESSED,
                               b blob COMPRESSED, l text COMPRESSED CHARACTER SET latin1);
      INSERT INTO compressed VALUES (1, 0, NULL, NULL, NULL, NULL), (2, 0, '', '', '', ''),
        (3, 0, REPEAT('compress ü ', 300), REPEAT('v', 400), REPEAT(X'00FF', 500), REPEAT('Grüße ', 100)),
        (4, 0, 'short', 'short', X'00', 'ü');
      CREATE TABLE addresses (a inet6, n int NOT NULL DEFAULT 0, b inet6, PRIMARY KEY (a));
      INSERT INTO addresses VALUES ('::', 0, NULL), ('2001:db8::ff00:42:8329', 0, '::ffff:1.2.3.4'),
        ('ff02::1', 0, '::1');

      """
    if server != "mariadb-10.5" {
      text += """
        CREATE TABLE identities (u uuid PRIMARY KEY, n int NOT NULL DEFAULT 0, v uuid, a inet4);
        INSERT INTO identities VALUES ('123e4567-e89b-12d3-a456-426614174000', 0, NULL, '255.1.0.4'),
          ('00000000-0000-0000-0000-000000000000', 0, 'ffffffff-ffff-1fff-bfff-ffffffffffff', NULL),
          ('018f6a2e-7c00-7abc-8def-0123456789ab', 0, '6ccd780c-baba-1026-9564-5b8c656024db', '0.0.0.0');

        """
    }
    if server == "mariadb-11.8" {
      text += """
        CREATE TABLE vectors (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, v vector(3), w vector(1));
        INSERT INTO vectors VALUES (1, 0, NULL, NULL),
          (2, 0, VEC_FromText('[1, -0.1, 3.4e38]'), VEC_FromText('[1e-45]'));

        """
    }
    return text
  }
}
