// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import MySQL

@Suite struct GrantsTests {
  @Test func ofMySQL() {
    let grants = Grants([
      "GRANT SELECT (`a`), INSERT ON `ct`.`num` TO `sync`@`%`", "GRANT `rl`@`%` TO `sync`@`%`",
      "GRANT PROCESS, REPLICATION SLAVE ON *.* TO `sync`@`%`", #"GRANT SELECT, LOCK TABLES ON `a\_b%`.* TO `sync`@`%`"#,
      "GRANT BACKUP_ADMIN,FLUSH_TABLES ON *.* TO `sync`@`%` WITH GRANT OPTION",
    ])
    #expect(grants.allow("REPLICATION SLAVE"))
    #expect(grants.allow("FLUSH_TABLES"))
    #expect(!grants.allow("REPLICATION CLIENT"))
    #expect(!grants.allow("SELECT", on: TableName("ct", "num")))
    #expect(grants.allow("INSERT", on: TableName("ct", "num")))
    #expect(!grants.allow("INSERT", on: TableName("ct", "other")))
    #expect(grants.allow("LOCK TABLES", on: TableName("a_bcd", "t")))
    #expect(grants.allow("SELECT", on: TableName("a_b", "t")))
    #expect(!grants.allow("SELECT", on: TableName("axb", "t")))
  }

  @Test func ofMariaDB() {
    let grants = Grants([
      "GRANT `rl` TO `sync`@`%`", "GRANT BINLOG MONITOR ON *.* TO `sync`@`%` IDENTIFIED BY PASSWORD '*29EE'",
      "GRANT USAGE ON *.* TO `rl`", "GRANT ALL PRIVILEGES ON `c_`.* TO `rl`", "SET DEFAULT ROLE `rl` FOR `sync`@`%`",
    ])
    #expect(grants.allow("BINLOG MONITOR"))
    #expect(grants.allow("SELECT", on: TableName("cd", "t")))
    #expect(!grants.allow("SELECT", on: TableName("c", "t")))
  }

  @Test func partialRevocation() {
    let grants = Grants(["GRANT SELECT ON *.* TO `a`@`b`", "REVOKE SELECT ON `s`.* FROM `a`@`b`"])
    #expect(grants.allow("SELECT", on: TableName("t", "x")))
    #expect(!grants.allow("SELECT", on: TableName("s", "x")))
  }
}
