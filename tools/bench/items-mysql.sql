-- SPDX-License-Identifier: Apache-2.0
-- The rows of items.sql, as MySQL and MariaDB have them.
CREATE TABLE base (
  id BIGINT PRIMARY KEY, quantity INT NOT NULL, title VARCHAR(100) NOT NULL, description VARCHAR(300),
  price DECIMAL(12, 2) NOT NULL, active BOOLEAN NOT NULL, updated_at TIMESTAMP(6) NOT NULL, attributes JSON NOT NULL
);

SET sql_log_bin = 0;
CREATE TABLE numbers (n INT PRIMARY KEY);
INSERT INTO numbers VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO numbers SELECT a.n * 1000 + b.n * 100 + c.n * 10 + d.n FROM numbers a, numbers b, numbers c, numbers d
  WHERE a.n + b.n + c.n > 0;

DELIMITER //
-- Rows `first` to `last`, so many in each transaction and in each of its statements (at most 10,000).
CREATE PROCEDURE write_rows(target VARCHAR(64), first BIGINT, last BIGINT, many INT, at_once INT)
BEGIN
  SET time_zone = '+00:00';
  SET @statement = CONCAT('INSERT INTO ', target, '
    SELECT id, id MOD 1000, CONCAT(''title of row '', id),
      IF(id MOD 16 <> 0, CONCAT(''a line of a hundred bytes that says what the '',
        IF(id MOD 7 = 0, ''"thing"'', ''''''thing''''''), '' is good for and where it may be kept''), NULL),
      (id MOD 1000000) / 100.0, id MOD 3 = 0, TIMESTAMP''2026-01-02 03:04:05'' + INTERVAL (id MOD 1000000) * 1000 MICROSECOND,
      CONCAT(''{"size": '', 10 + id MOD 90, '', "tags": ["red", "green"], "origin": {"batch": '', id MOD 1000,
        '', "country": "NL"}}'')
    FROM (SELECT n + ? AS id FROM numbers WHERE n < ?) ids WHERE id <= ? ORDER BY id');
  PREPARE insertion FROM @statement;
  SET @next = first, @many = at_once, @last = last;
  WHILE @next <= last DO
    START TRANSACTION;
    REPEAT
      EXECUTE insertion USING @next, @many, @last;
      SET @next = @next + at_once;
    UNTIL (@next - first) MOD many = 0 OR @next > last END REPEAT;
    COMMIT;
  END WHILE;
  DEALLOCATE PREPARE insertion;
END//
DELIMITER ;
