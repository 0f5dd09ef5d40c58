// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import MySQL

@Suite struct AgreementTests {
  private let collations = CollationDirectory([
    Collation(id: 8, name: "latin1_swedish_ci", characterSet: "latin1", isDefault: true, bytesPerCharacterMax: 1),
    Collation(id: 255, name: "utf8mb4_0900_ai_ci", characterSet: "utf8mb4", isDefault: true, bytesPerCharacterMax: 4),
  ])
  private let definition = TableDefinition(
    schema: "s", name: "t",
    columns: [
      ColumnDefinition(name: "id", type: .long, isNullable: false),
      ColumnDefinition(name: "e", type: .enumeration, metadata: 1, collation: 8, labels: ["a"]),
    ], primaryKey: ["id"])
  private let map = TableMap(
    tableID: 1, flags: 0, schema: "s", table: "t",
    columns: [
      TableMap.Column(type: .long, metadata: 0, isNullable: false),
      TableMap.Column(type: .enumeration, metadata: 1, isNullable: true),
    ])

  @Test func withoutMetadataTheTypesDecide() {
    #expect(definition.agreement(with: map, collations: collations) == .same)
    var other = map
    other.columns[0].type = .longLong
    #expect(
      definition.agreement(with: other, collations: collations)
        == .disagrees("id: type 8 in the log, 3 in the definition"))
    other = map
    other.columns[1].isNullable = false
    #expect(definition.agreement(with: other, collations: collations) == .disagrees("e: may not be null in the log"))
    other = map
    other.columns.removeLast()
    #expect(
      definition.agreement(with: other, collations: collations)
        == .disagrees("the log has 1 columns and the definition 2"))
  }

  @Test func metadataWins() {
    var full = map
    full.metadata.columnNames = ["id", "kind"]
    full.metadata.isUnsigned = [true, false]
    full.metadata.collations = [0, 8]
    full.metadata.labels = [[], [[0xE4], [0x80]]]
    full.metadata.primaryKey = [0]
    var expected = definition
    expected.columns[0].isUnsigned = true
    expected.columns[1].name = "kind"
    expected.columns[1].labels = ["ä", "€"]
    #expect(definition.agreement(with: full, collations: collations) == .namesDiffer(expected))
    #expect(expected.agreement(with: full, collations: collations) == .same)
  }

  @Test func hiddenColumnsOfMariaDBDoNotCount() {
    var hash = map
    hash.columns.append(TableMap.Column(type: .longLong, metadata: 0, isNullable: true))
    #expect(definition.agreement(with: hash, collations: collations) == .same)
    hash.metadata.columnNames = ["id", "e", "DB_ROW_HASH_1"]
    #expect(definition.agreement(with: hash, collations: collations) == .same)
    hash.metadata.columnNames = ["id", "e", "added"]
    guard case .disagrees = definition.agreement(with: hash, collations: collations) else {
      Issue.record("a column that is not hidden was passed over")
      return
    }
  }
}
