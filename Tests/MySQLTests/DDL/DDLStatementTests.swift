// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import MySQL

@Suite struct DDLStatementTests {
  private static let mysql = StatementContext(version: ServerVersion(.mysql, 90_704), defaultSchema: "d")
  private static let mariaDB = StatementContext(version: ServerVersion(.mariaDB, 101_106), defaultSchema: "d")

  private func parse(_ text: String, _ context: StatementContext = mysql) -> DDLStatement {
    DDLStatement(parsing: Array(text.utf8), context)
  }

  private func alter(_ text: String, _ context: StatementContext = mysql) -> [AlterTable.Clause] {
    guard case .alterTable(let alter) = parse(text, context) else { return [] }
    return alter.clauses
  }

  private func columns(_ text: String, _ context: StatementContext = mysql) -> [String]? {
    guard case .createTable(let create) = parse(text, context) else { return nil }
    return create.columns.map { "\($0.name) \($0.type.name)" }
  }

  @Test func transactions() {
    #expect(parse("BEGIN") == .transaction(.begin))
    #expect(parse(" commit ") == .transaction(.commit))
    #expect(parse("ROLLBACK") == .transaction(.rollback))
    #expect(parse("ROLLBACK TO `a``b`") == .transaction(.rollbackTo("a`b")))
    #expect(parse("SAVEPOINT `sp 1`") == .transaction(.savepoint("sp 1")))
    #expect(parse("RELEASE SAVEPOINT s") == .transaction(.releaseSavepoint("s")))
    let xid = TransactionStatement.XID(global: [0x67, 0x31], branch: [], format: 1)
    #expect(parse("XA START X'6731',X'',1") == .transaction(.xaStart(xid)))
    #expect(parse("XA END X'6731',X'',1") == .transaction(.xaEnd(xid)))
    #expect(parse("XA PREPARE 'g1'") == .transaction(.xaPrepare(xid)))
    #expect(parse("XA COMMIT X'6731',X'',1 ONE PHASE") == .transaction(.xaCommit(xid, onePhase: true)))
    #expect(
      parse("XA ROLLBACK 0x6731,'b',7")
        == .transaction(.xaRollback(TransactionStatement.XID(global: [0x67, 0x31], branch: [0x62], format: 7))))
    // Neither one nor an XID.
    #expect(parse("BEGINNING") == .unknown(keyword: "BEGINNING"))
    #expect(parse("XA COMMIT X'671'") == .irrelevant)
  }

  @Test func codeCommentsRunByVersion() {
    let text = "CREATE TABLE t (a INT /*!80000 , b INT */ /*!99999 , c INT */ /*M!100000 , d INT */ /* , e INT */)"
    #expect(columns(text) == ["a INT", "b INT"])
    // "MariaDB ignores MySQL-style executable comments that have a version number in the interval 50700..99999."
    #expect(columns(text, Self.mariaDB) == ["a INT", "d INT"])
    #expect(columns("CREATE TABLE t (a INT /*!40101 , b INT */)", Self.mariaDB) == ["a INT", "b INT"])
    #expect(columns("CREATE TABLE t (a INT /*!101107 , b INT */)", Self.mariaDB) == ["a INT"])
    #expect(columns("CREATE TABLE t (a INT /*! , b INT*/, -- c INT\n # d INT\n e INT)") == ["a INT", "b INT", "e INT"])
  }

  @Test func quotesFollowTheMode() {
    #expect(columns(#"CREATE TABLE t (a ENUM('x\')', "y"")"), `b``c` INT)"#) == ["a ENUM", "b`c INT"])
    var context = Self.mysql
    context.sqlMode = [.ansiQuotes, .noBackslashEscapes]
    #expect(columns(#"CREATE TABLE "t" ("a" ENUM('x\','y'), "b""c" REAL)"#, context) == ["a ENUM", "b\"c DOUBLE"])
    context.sqlMode = SQLMode("REAL_AS_FLOAT,STRICT_TRANS_TABLES")
    #expect(columns("CREATE TABLE t (a REAL)", context) == ["a FLOAT"])
  }

  @Test func namesFollowTheCharacterSet() {
    var context = Self.mysql
    context.clientCharacterSet = "latin1"
    let text = Array("DROP TABLE `".utf8) + [0xE4] + Array("`".utf8)
    #expect(DDLStatement(parsing: text, context) == .dropTables([TableName("d", "ä")]))
    context.clientCharacterSet = "gbk"
    #expect(DDLStatement(parsing: text, context) == .unknown(keyword: "in gbk"))
    #expect(parse("DROP TABLE a", context) == .dropTables([TableName("d", "a")]))
    context = Self.mysql
    context.lowersNames = true
    #expect(parse("DROP TABLE S.T", context) == .dropTables([TableName("s", "t")]))
  }

  @Test func rowsAsStatements() {
    func tables(_ text: String) -> [String]? {
      guard case .rows(let tables) = parse(text) else { return ["no rows"] }
      return tables?.map(\.description)
    }
    #expect(tables("INSERT INTO t VALUES (1)") == ["d.t"])
    #expect(tables("INSERT IGNORE s.t SELECT 1") == ["s.t"])
    #expect(tables("REPLACE LOW_PRIORITY INTO `t` (a) VALUES (1)") == ["d.t"])
    #expect(tables("UPDATE t SET a = 1") == ["d.t"])
    #expect(tables("UPDATE a AS x LEFT JOIN s.b y ON x.i = y.i, c SET x.v = 1") == ["d.a", "s.b", "d.c"])
    #expect(tables("UPDATE a JOIN (SELECT 1) q SET a.v = 1") == nil)
    #expect(tables("DELETE QUICK FROM t WHERE a = 1") == ["d.t"])
    #expect(tables("DELETE x FROM a AS x JOIN b WHERE x.i = b.i") == ["d.a", "d.b"])
    #expect(tables("LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE t (a)") == ["d.t"])
    #expect(tables("WITH q AS (SELECT 1) DELETE FROM t") == nil)
    #expect(tables("SELECT `d`.`f`()") == nil)
  }

  @Test func rowsThatTheLogDoesNotHave() {
    #expect(alter("ALTER TABLE t TRUNCATE PARTITION p0, p1") == [.rowsChange("TRUNCATE PARTITION")])
    #expect(alter("ALTER TABLE t DROP PARTITION p0") == [.rowsChange("DROP PARTITION")])
    #expect(
      alter("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE s.u WITHOUT VALIDATION")
        == [.rowsChange("EXCHANGE PARTITION"), .exchange(TableName("s", "u"))])
    #expect(alter("ALTER TABLE t DISCARD TABLESPACE") == [.rowsChange("DISCARD TABLESPACE")])
    #expect(alter("ALTER IGNORE TABLE t ADD UNIQUE (a)", Self.mariaDB) == [.rowsChange("ALTER IGNORE")])
    let nothing = [
      "ADD PARTITION (PARTITION p3 VALUES LESS THAN (3))", "COALESCE PARTITION 2", "ENGINE=InnoDB", "FORCE",
      "ORDER BY a, b DESC", "ADD INDEX i (a, b), DROP KEY k, RENAME INDEX a TO b, ALTER INDEX i INVISIBLE",
      "ALTER COLUMN a SET DEFAULT 'x, DROP b', COMMENT = 'ADD c INT', AUTO_INCREMENT = 7", "PARTITION BY KEY (a)",
    ]
    for clause in nothing { #expect(alter("ALTER TABLE t \(clause)") == [], "\(clause)") }
  }

  @Test func foreignKeys() {
    func isMade(_ statement: String) -> Bool? {
      guard case .createTable(let create) = parse(statement) else { return nil }
      return create.hasForeignKeys
    }
    #expect(
      alter("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (b) ON DELETE SET NULL, DROP FOREIGN KEY f2")
        == [.addForeignKey, .dropConstraint])
    #expect(alter("ALTER TABLE t ADD (FOREIGN KEY (a, b) REFERENCES u (c, d))") == [.addForeignKey])
    #expect(alter("ALTER TABLE t DROP CONSTRAINT IF EXISTS f") == [.dropConstraint])
    #expect(alter("ALTER TABLE t ADD c int REFERENCES u (b) ON DELETE CASCADE AFTER a").last == .addForeignKey)
    #expect(alter("ALTER TABLE t ADD CONSTRAINT f UNIQUE (a), ADD CHECK (a > 0)") == [])
    #expect(isMade("CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u (b))") == true)
    #expect(isMade("CREATE TABLE t (a int REFERENCES u (b))") == true)
    #expect(isMade("CREATE TABLE t (`references` int, b int COMMENT 'FOREIGN KEY', KEY `foreign` (b))") == false)
  }

  @Test func renamesAndDrops() {
    #expect(
      parse("RENAME TABLE a TO b, s.c TO a")
        == .renameTables([
          DDLStatement.Renaming(from: TableName("d", "a"), to: TableName("d", "b")),
          DDLStatement.Renaming(from: TableName("s", "c"), to: TableName("d", "a")),
        ]))
    #expect(
      parse("DROP TABLE IF EXISTS `a`,`s`.`b` /* generated by server */")
        == .dropTables([TableName("d", "a"), TableName("s", "b")]))
    #expect(parse("TRUNCATE t") == .truncateTable(TableName("d", "t")))
    #expect(alter("ALTER TABLE t RENAME = s.u") == [.rename(TableName("s", "u"))])
    #expect(parse("DROP SCHEMA IF EXISTS s") == .dropSchema("s"))
  }

  @Test(arguments: [
    "CREATE VIEW v AS SELECT 1", "CREATE DEFINER=`a`@`%` TRIGGER t BEFORE INSERT ON x FOR EACH ROW DELETE FROM y",
    "CREATE TEMPORARY TABLE t (a INT)", "DROP TEMPORARY TABLE IF EXISTS t", "GRANT ALL ON *.* TO u",
    "SET PASSWORD = 'x'",
    "ANALYZE TABLE t", "FLUSH TABLES", "DROP INDEX i ON t", "RENAME USER a TO b", "ALTER USER u IDENTIFIED BY 'x'", "",
    "/* nothing */", "CREATE UNIQUE INDEX i ON t (a)",
  ])
  func whatDoesNotMatter(_ text: String) {
    #expect(parse(text) == .irrelevant)
  }

  @Test func whatIsNotUnderstood() {
    #expect(parse("FROBNICATE t") == .unknown(keyword: "FROBNICATE"))
    #expect(parse("ALTER TABLE t ADD (a INT") == .unknown(keyword: "ALTER TABLE d.t"))
    #expect(parse("CREATE TABLE t (a INT, 5)") == .unknown(keyword: "CREATE TABLE d.t"))
    // What is not closed ends at the end.
    for text in ["CREATE TABLE t (a ENUM('x", "ALTER TABLE `t", "DROP TABLE a,", "/*!", "UPDATE", "XA START X'"] {
      _ = parse(text)
    }
  }
}
