// SPDX-License-Identifier: Apache-2.0
import Logging
import Testing

@testable import Daemon
@testable import MySQL

/// What a statement that drops a foreign key means, by when the catalogue was read.
@Suite struct ForeignKeyStatementTests {
  private static let child = TableReference(schema: "s", table: "c")

  /// The child is chosen and still follows its parent by another foreign key.
  private func followers(
    _ met: ForeignKeyStatements, lookedAt: UInt64, readBy: UInt64, meets offset: UInt64, _ text: String
  ) throws -> MySQLSchemaFollower.ForeignKeyEffect {
    func place(_ offset: UInt64) -> LogPlace {
      LogPlace(
        executed: .unknown, position: BinlogFilePosition(file: "binlog.000001", offset: offset), serverUUID: "1")
    }
    let facts = serverFacts("10.11.9-MariaDB")
    let id = ColumnDefinition(name: "id", type: .long, isNullable: false)
    let definition = TableDefinition(schema: "s", name: "c", columns: [id], primaryKey: ["id"])
    var catalogue = SchemaCatalogue()
    catalogue.tables = [
      MySQL.TableDescription(
        definition: definition, columns: [], kind: .base, engine: "InnoDB", estimatedRows: 0, estimatedBytes: 0,
        uniqueKeys: [], foreignKeys: [.init(parent: TableName("s", "p"), onDelete: "CASCADE", onUpdate: "CASCADE")])
    ]
    let rows = try MySQLRowPlan(
      table: "s.c", columns: [id], treatments: [.include], key: [0], keyPrefix: [], options: ValueOptions(),
      characterSets: CharacterSets([]))
    let tables = MySQLTables()
    tables.add(
      MySQLTablePlan(number: 0, definition: definition, rows: rows, key: [0], storage: .json, appliesFrom: nil))
    let schema = MySQLSchemaFollower(
      tables: [definition], catalogue: catalogue, facts: facts, collations: CollationDirectory(), referenced: [:],
      statements: met, lookedAt: place(lookedAt), readBy: place(readBy), policy: .keep,
      isChosen: { $0 == Self.child }, replan: { (_, plan) throws(PipelineFailure) in plan },
      state: { _ in preconditionFailure("nothing is kept here") }, isContradictedAgain: { _ in false })
    let log = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
    let applier = MySQLApplier(
      tables: tables, schema: schema, limits: BatchLimits(operationsMax: 100, bytesMax: 100_000),
      oversized: OversizedRows(policy: .stop, requestBytesMax: 100_000, log: log),
      resume: Checkpoint(phase: .sync, position: .mysql(place(4).text), transaction: nil, instance: ""),
      place: place(4), logOwner: "server", instance: "")
    let begin = BinlogFilePosition(file: "binlog.000001", offset: offset)
    applier.begin(.anonymous(begin), at: begin)
    let context = StatementContext(version: facts.version, defaultSchema: "s")
    return schema.foreignKeyEffect(of: DDLStatement(parsing: Array(text.utf8), context), applier)
  }

  private static let drop = "ALTER TABLE c DROP FOREIGN KEY f"

  /// It is behind the catalogue, which knew the foreign key: what comes before has been judged by it.
  @Test func metLater() throws {
    let met = ForeignKeyStatements()
    let first = try followers(met, lookedAt: 100, readBy: 200, meets: 300, Self.drop)
    #expect(first == .newer(Self.child))
    #expect(try followers(met, lookedAt: 400, readBy: 500, meets: 300, Self.drop) == .none)
    // Another one has come in the meantime.
    #expect(try followers(met, lookedAt: 400, readBy: 500, meets: 350, Self.drop) == .removed([Self.child]))
  }

  /// Nobody knows whether the catalogue had the foreign key.
  @Test func metWhileTheCatalogueWasRead() throws {
    let met = ForeignKeyStatements()
    let first = try followers(met, lookedAt: 100, readBy: 200, meets: 150, Self.drop)
    #expect(first == .newer(Self.child))
    #expect(try followers(met, lookedAt: 400, readBy: 500, meets: 150, Self.drop) == .removed([Self.child]))
  }

  /// The catalogue is behind it.
  @Test func metBefore() throws {
    func effect(_ text: String) throws -> MySQLSchemaFollower.ForeignKeyEffect {
      try followers(ForeignKeyStatements(), lookedAt: 100, readBy: 200, meets: 50, text)
    }
    #expect(try effect(Self.drop) == .removed([Self.child]))
    #expect(try effect("RENAME TABLE q TO p") == .removed([Self.child]))
    #expect(try effect("ALTER TABLE p MODIFY id int FIRST") == .removed([Self.child]))
    #expect(try effect("ALTER TABLE c ADD FOREIGN KEY (id) REFERENCES p (id)") == .none)
    #expect(try effect("ALTER TABLE c ADD n int") == .none)
    #expect(try effect("ALTER TABLE elsewhere DROP FOREIGN KEY f") == .none)
  }
}
