// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import MySQL

/// The statements of real servers' logs, and what the catalogue said after each (Fixtures/mysql-ddl).
@Suite struct SchemaHistoryTests {
  private struct Step {
    var text: [UInt8] = []
    var context: StatementContext
  }

  @Test(arguments: CatalogueFixture.names)
  func definitionsFollowTheServersOwn(_ name: String) throws {
    let server = try CatalogueFixture(name)
    let collations = server.collations
    var groups: [[String]: [[String?]]] = [:]
    var history = SchemaHistory([], schemaCollations: [:], collations: collations)
    var group: [String] = []
    var steps: [String] = []
    var compared = 0
    for line in try Fixture.text("mysql-ddl/\(name).ddl.txt").split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      switch fields[0] {
      case "group":
        group = Array(fields.dropFirst())
        groups[group] = []
      case "row": groups[group]?.append(fields.dropFirst().map(CatalogueFixture.value))
      case "statement":
        let text = Self.bytes(fields[8])
        let statement = DDLStatement(parsing: text, Self.context(fields, server.version, collations))
        let changes = history.apply(statement, Self.context(fields, server.version, collations))
        steps.append("\(fields[8]) → \(changes.map { "\($0)".prefix(300) })")
        if changes.contains(where: { if case .unknown(.some, _) = $0 { true } else { false } }) {
          Issue.record("\(name): \(steps.last ?? "")")
        }
        if case .unknown(let keyword) = statement { Issue.record("\(name): \(keyword): \(fields[8])") }
      default:
        let answers = (0..<7).map { answer in
          groups.filter { $0.key[0] == "\(answer)" }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .flatMap(\.value)
        }
        let catalogue = SchemaCatalogue(answers: answers, version: server.version, collations: collations)
        let expected = Dictionary(uniqueKeysWithValues: catalogue.tables.map { ($0.name, $0.definition) })
        if fields[0] == "compare" {
          compared += 1
          for (table, definition) in expected where history.tables[table] != definition {
            let columns = history.tables[table].map { Self.differences($0, definition) } ?? "is not known"
            Issue.record("\(name): \(table): \(columns)\nafter \(steps.last ?? "")")
          }
          #expect(Set(history.tables.keys) == Set(expected.keys), "\(name) after \(steps.last ?? "")")
          #expect(history.schemaCollations == catalogue.schemaCollations, "\(name) after \(steps.last ?? "")")
        }
        history = SchemaHistory(
          Array(expected.values), schemaCollations: catalogue.schemaCollations, collations: collations)
      }
    }
    #expect(compared > 90)
  }

  /// Whatever the log has for a statement: an answer, and the same that a fresh history gives.
  @Test(arguments: CatalogueFixture.names)
  func brokenStatementsAreSurvived(_ name: String) throws {
    let server = try CatalogueFixture(name)
    let collations = server.collations
    let tables = server.catalogue.tables.map(\.definition)
    var generator = SeededGenerator(seed: SeededGenerator.ofThisRun)
    for line in try Fixture.text("mysql-ddl/\(name).ddl.txt").split(separator: "\n") where line.hasPrefix("statement") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let text = Self.bytes(fields[8])
      var context = Self.context(fields, server.version, collations)
      context.defaultSchema = "ct"
      for _ in 0..<10 {
        var broken = Array(text.prefix(Int.random(in: 0...text.count, using: &generator)))
        for _ in 0..<3 where !broken.isEmpty {
          broken[Int.random(in: 0..<broken.count, using: &generator)] =
            Array("(),;`'\"*/! \\-0".utf8).randomElement(using: &generator) ?? 0
        }
        let statement = DDLStatement(parsing: broken, context)
        var history = SchemaHistory(tables, schemaCollations: ["ct": 45], collations: collations)
        for change in history.apply(statement, context) {
          if case .created(let table) = change { #expect(history.tables[table.tableName] == table) }
        }
      }
    }
  }

  private static func differences(_ ours: TableDefinition, _ theirs: TableDefinition) -> String {
    var lines = [
      "key \(ours.primaryKey) / \(theirs.primaryKey)", "\(ours.defaultCollation) / \(theirs.defaultCollation)",
    ]
    if ours.columns.map(\.name) != theirs.columns.map(\.name) {
      lines.append("\(ours.columns.map(\.name)) / \(theirs.columns.map(\.name))")
    }
    for (own, other) in zip(ours.columns, theirs.columns) where own != other { lines.append("\(own)\n/ \(other)") }
    return lines.joined(separator: "\n")
  }

  private static func context(
    _ fields: [String], _ version: ServerVersion, _ collations: CollationDirectory
  ) -> StatementContext {
    var context = StatementContext(version: version, defaultSchema: fields[1])
    context.sqlMode = SQLMode(rawValue: UInt64(fields[2]) ?? 0)
    context.clientCharacterSet = UInt16(fields[3]).flatMap { collations[$0]?.characterSet } ?? "utf8mb4"
    context.serverCollation = UInt16(fields[4])
    let flags = UInt32(fields[5].dropFirst(2), radix: 16) ?? 0
    context.explicitDefaultsForTimestamp = version.flavor == .mariaDB ? flags & 0x100_0000 != 0 : fields[6] != "0"
    context.standardCollations = fields[7].split(separator: ",").compactMap { UInt16($0) }
    return context
  }

  /// `\x0a` for a byte that is not printable.
  private static func bytes(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\") {
        rest.removeFirst()
        bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest.removeFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
