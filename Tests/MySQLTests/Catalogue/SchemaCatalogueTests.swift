// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import MySQL

@Suite struct SchemaCatalogueTests {
  /// The oracle: the servers' own logs of the same tables.
  @Test(arguments: CatalogueFixture.names)
  func definitionsAgreeWithTheLog(_ name: String) throws {
    let fixture = try CatalogueFixture(name)
    let catalogue = fixture.catalogue
    let collations = fixture.collations
    #expect(fixture.maps.count >= 15)
    for map in fixture.maps {
      let table = try #require(catalogue.tables.first { $0.definition.name == map.table })
      #expect(table.unreadable == nil)
      let agreement = table.definition.agreement(with: map, collations: collations)
      if map.table == "oldt" {
        guard case .disagrees(let reason) = agreement else { throw Unexpected() }
        #expect(reason.contains("old format"))
      } else if map.table == "sv" {
        // Such tables are not followed: the log has their history's rows too.
        guard case .disagrees = agreement else { throw Unexpected() }
      } else {
        #expect(agreement == .same, "\(name) \(map.table): \(table.definition) \(map)")
      }
    }
  }

  struct Unexpected: Error {}

  @Test(arguments: CatalogueFixture.names)
  func keysAndForeignKeys(_ name: String) throws {
    let catalogue = try CatalogueFixture(name).catalogue
    let byName = Dictionary(uniqueKeysWithValues: catalogue.tables.map { ($0.definition.name, $0) })
    #expect(byName["vw"] == nil)
    #expect(byName["lab"]?.definition.primaryKey == ["k", "id"])
    #expect(byName["lab"]?.definition.columns[0].labels == ["x", "y", "ü'\"\\z"])
    let parent = try #require(byName["parent"])
    #expect(
      parent.uniqueKeys.sorted { $0.name < $1.name } == [
        TableDescription.UniqueKey(name: "uk", columns: ["u"], isNotNull: true, isWhole: true),
        TableDescription.UniqueKey(name: "un", columns: ["n"], isNotNull: false, isWhole: true),
        TableDescription.UniqueKey(name: "up", columns: ["u"], isNotNull: true, isWhole: false),
      ])
    let child = try #require(byName["child"])
    #expect(child.foreignKeys.map(\.parent) == [TableName("ct", "parent"), TableName("ct", "parent")])
    #expect(child.foreignKeys.map(\.changesRows).filter { $0 }.count == 1)
    #expect(byName["mem"]?.isTransactional == false)
    #expect(child.isTransactional)
    #expect(byName["gen"]?.columns.map(\.generated) == [.no, .no, .virtual, .stored])
    #expect(catalogue.schemaCollations.keys.contains("ct"))
    #expect(catalogue.schemaCollations["ct"] == byName["num"]?.definition.defaultCollation)
  }

  /// An account with SELECT alone sees no rules of foreign keys in MariaDB's catalogue.
  @Test func rulesOfForeignKeysFromTheTable() throws {
    let fixture = try CatalogueFixture("mariadb-11.8")
    var answers = Array(fixture.answers.dropFirst())
    answers[4] = []
    var catalogue = SchemaCatalogue(answers: answers, version: fixture.version, collations: fixture.collations)
    let child = TableName("ct", "child")
    #expect(catalogue.tablesWithUnknownRules == [child])
    #expect(catalogue.tables.first { $0.name == child }?.foreignKeys.contains(where: \.changesRows) == true)
    catalogue.setForeignKeys(
      of: child,
      fromCreateTable: """
        CREATE TABLE `child` (\n  `p` int(11) DEFAULT NULL COMMENT 'FOREIGN KEY',
          CONSTRAINT `child_ibfk_1` FOREIGN KEY (`p`) REFERENCES `parent` (`id`) ON DELETE CASCADE ON UPDATE SET NULL,
          CONSTRAINT `f2` FOREIGN KEY (`q`, `r`) REFERENCES `other`.`parent` (`u`, `v`) ON UPDATE NO ACTION
        ) ENGINE=InnoDB
        """, fixture.version)
    #expect(
      catalogue.tables.first { $0.name == child }?.foreignKeys == [
        TableDescription.ForeignKey(parent: TableName("ct", "parent"), onDelete: "CASCADE", onUpdate: "SET NULL"),
        TableDescription.ForeignKey(
          parent: TableName("other", "parent"), onDelete: "NO ACTION", onUpdate: "NO ACTION"),
      ])
    #expect(catalogue.tablesWithUnknownRules.isEmpty)
  }

  @Test func refinementsOfMariaDB() throws {
    let catalogue = try CatalogueFixture("mariadb-11.8").catalogue
    let columns = catalogue.tables.filter { $0.definition.name.hasPrefix("ma") }.flatMap(\.definition.columns)
    let found = columns.filter { $0.refinement != .none }.map { "\($0.name) \($0.refinement)" }
    #expect(found == ["i6 inet6", "j json", "jj json", "jk json", "i4 inet4", "u uuid", "v vector"])
    #expect(catalogue.tables.first { $0.definition.name == "sv" }?.kind == .systemVersioned)
  }
}
