CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE DATABASE `od``d` CHARACTER SET utf8mb4;
USE shop;
SET sql_mode='', time_zone='+02:00';
CREATE TABLE kinds (id BIGINT UNSIGNED NOT NULL PRIMARY KEY, ti TINYINT, de DECIMAL(20,5), dbl DOUBLE, bi BIT(10),
  c CHAR(4), vb VARBINARY(40), bn BINARY(4), bl BLOB, tx TEXT, la VARCHAR(40) CHARACTER SET latin1,
  gb VARCHAR(40) CHARACTER SET gbk, sj VARCHAR(40) CHARACTER SET sjis, en ENUM('a','it''s','ü'), st SET('x','y','z'),
  d DATE, dt DATETIME(6), ts TIMESTAMP(3) NULL, tm TIME(2), yr YEAR, js JSON, g POINT, zf INT(6) ZEROFILL);
INSERT INTO kinds VALUES (18446744073709551615,-128,-1234567890.12300,1.7976931348623157e308,b'1000000001','ab',
  x'00270a5c',x'01',x'',concat('it''s; -- "q"',char(10),char(13),char(9),char(92),char(0),char(26),'`end` ),(ü%_'),
  'Grüße','中文','表示ソ','it''s','x,z','2026-01-02','2026-01-02 03:04:05.678901','2026-01-02 03:04:05.678',
  '-838:59:59.00',2026,'{"a": [1, "it''s \\\\ \\n ü", null]}',ST_GeomFromText('POINT(1 2)'),42);
INSERT INTO kinds (id) VALUES (0),(1);
INSERT INTO kinds (id,dbl,d,dt,ts,tx,bl) VALUES
  (2,-5e-324,'0000-00-00','2026-00-00 00:00:00',0,'',repeat(x'00ff27',30)),
  (3,1e-20,NULL,NULL,NULL,'); INSERT INTO `x` VALUES (1); -- Dump completed',NULL);
CREATE TABLE gen (a INT PRIMARY KEY, b INT AS (a+1) STORED, c VARCHAR(9) DEFAULT 'x', d INT AS (a*2) VIRTUAL);
INSERT INTO gen (a,c) VALUES (1,'one'),(2,NULL);
CREATE TABLE `empty` (id INT PRIMARY KEY);
CREATE TABLE `a``b'c"d;e` (`k``ey` INT PRIMARY KEY, `v,)(;` TEXT COMMENT 'it''s; a \\ comment');
INSERT INTO `a``b'c"d;e` VALUES (1,'x'),(2,'y');
CREATE TABLE parts (id INT PRIMARY KEY, v VARCHAR(10), hid INT INVISIBLE DEFAULT 5) PARTITION BY HASH(id) PARTITIONS 2;
INSERT INTO parts (id,v) VALUES (1,'p'),(2,'q'),(3,'r');
CREATE TABLE not_chosen (id INT PRIMARY KEY);
INSERT INTO not_chosen VALUES (1);
CREATE VIEW v AS SELECT id FROM parts;
USE `od``d`;
CREATE TABLE t (id INT PRIMARY KEY, x VARCHAR(20)) COMMENT='trailing; comment';
INSERT INTO t VALUES (7,'sieben'),(-8,'-- Dump completed');
