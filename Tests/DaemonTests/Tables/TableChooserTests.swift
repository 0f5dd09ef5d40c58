// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon
@testable import Postgres

/// A table as the catalogue describes it.
func describedTable(
  _ name: String = "t", columns: [(String, isNotNull: Bool)] = [("id", true), ("name", false)],
  primaryKey: [String] = ["id"], identity: TableDescription.ReplicaIdentity = .primaryKey, index: [String] = [],
  isDeferrable: Bool = false, oid: UInt32 = 1
) -> TableDescription {
  TableDescription(
    oid: oid, schema: "public", name: name, isPartitionRoot: false, hasInheritors: false,
    columns: columns.enumerated().map { place, column in
      TableDescription.Column(
        number: Int16(place + 1), name: column.0, type: 25, typeModifier: -1, isNotNull: column.isNotNull,
        generated: .no, isIdentity: false)
    },
    primaryKey: primaryKey, primaryKeyIsDeferrable: isDeferrable, replicaIdentity: identity,
    replicaIdentityIndex: index, estimatedRows: 0, estimatedBytes: 0, maySelect: true, isOwned: true)
}

@Suite struct TableChooserTests {
  private func choose(_ table: TableDescription) -> (tables: [ChosenTable], problems: [TableProblem]) {
    TableChooser(
      tables: TablesConfiguration(), sync: SyncConfiguration(), path: "sync", role: "app", publishesGenerated: false
    ).choose([table])
  }

  @Test func primaryKeyNamesTheRows() throws {
    let tables = choose(describedTable()).tables
    let chosen = try #require(tables.first)
    #expect(chosen.key == ["id"])
    #expect(chosen.prefix == Array("/sync/public/t/".utf8))
    #expect(chosen.copyStatement == #"COPY "public"."t" ("id", "name") TO STDOUT"#)
  }

  @Test func withoutAKeyTheLineThatMendsIt() throws {
    let problem = try #require(choose(describedTable(primaryKey: [], identity: .full)).problems.first)
    #expect(problem.cause == .missingKey)
    #expect(problem.mend.contains(#"ALTER TABLE "public"."t" ADD PRIMARY KEY"#))
  }

  @Test func identityIndexServesWithoutAPrimaryKey() throws {
    let table = describedTable(
      columns: [("a", true), ("b", true)], primaryKey: [], identity: .index, index: ["b", "a"])
    #expect(try #require(choose(table).tables.first).key == ["b", "a"])
  }

  @Test(arguments: [TableDescription.ReplicaIdentity.nothing, .index])
  func identityThatDoesNotCoverTheKeyIsRefused(_ identity: TableDescription.ReplicaIdentity) throws {
    let problem = try #require(choose(describedTable(identity: identity, index: ["name"])).problems.first)
    #expect(problem.mend == #"ALTER TABLE "public"."t" REPLICA IDENTITY DEFAULT;"#)
  }

  /// Two rows with one key would be one key in etcd.
  @Test func givenKeyThatNothingGuardsIsTold() throws {
    var tables = TablesConfiguration()
    tables.selection.keyColumns = ["public.t": ["id", "name"], "public.tt": ["id"]]
    let chooser = TableChooser(
      tables: tables, sync: SyncConfiguration(), path: "sync", role: "app", publishesGenerated: false)
    var table = describedTable(columns: [("id", true), ("name", true)], primaryKey: [], identity: .full)
    let doubt = try #require(chooser.unguardedKeys(among: chooser.choose([table]).tables).first)
    #expect(doubt.hasSuffix(#"CREATE UNIQUE INDEX ON "public"."t" ("id", "name");"#))
    table.uniqueKeys = [["other"], ["name"]]
    let chosen = chooser.choose([table]).tables
    #expect(chosen.map(\.key) == [["id", "name"]])
    #expect(chooser.unguardedKeys(among: chosen).isEmpty)
    #expect(chooser.namesOfNothing(among: chosen, []) == ["tables.keys names public.tt, which is no chosen table"])
  }

  @Test func columnsThatAreNotThereAreNamed() throws {
    var tables = TablesConfiguration()
    tables.selection.excludedColumns = [try NamePattern("public.*.name", parts: TableSelection.columnParts)]
    tables.selection.hashedColumns = [try NamePattern("public.t.nmae", parts: TableSelection.columnParts)]
    let chooser = TableChooser(
      tables: tables, sync: SyncConfiguration(), path: "sync", role: "app", publishesGenerated: false)
    let chosen = chooser.choose([describedTable()]).tables
    #expect(
      chooser.namesOfNothing(among: chosen, [])
        == ["tables.columns.hash names public.t.nmae, which is no column of a chosen table"])
  }

  @Test func deferrableKeyIsNoIdentity() throws {
    let problem = try #require(choose(describedTable(isDeferrable: true)).problems.first)
    #expect(problem.mend == #"ALTER TABLE "public"."t" REPLICA IDENTITY FULL;"#)
  }

  @Test func keyThatMayBeNullIsRefused() throws {
    let table = describedTable(columns: [("id", false)])
    #expect(try #require(choose(table).problems.first).mend.contains("SET NOT NULL"))
  }
}

@Suite struct TableStateTests {
  @Test func comesBack() throws {
    let chooser = TableChooser(
      tables: TablesConfiguration(), sync: SyncConfiguration(), path: "sync", role: "app", publishesGenerated: false)
    let chosen = try #require(chooser.choose([describedTable(#"we""ird / näme"#)]).tables.first)
    let state = TableState(of: chosen, format: "json", progress: .ready, from: LSN(7))
    #expect(try TableState(decoding: state.encoded()) == state)
  }
}
