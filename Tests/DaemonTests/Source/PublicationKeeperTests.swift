// SPDX-License-Identifier: Apache-2.0
import Logging
import Testing

@testable import Daemon
@testable import Postgres

@Suite struct PublicationKeeperTests {
  private let keeper = PublicationKeeper(PostgresConfiguration(), log: Logger(label: "test"))

  private func chosen(_ names: [(String, UInt32)]) -> [ChosenTable] {
    TableChooser(
      tables: TablesConfiguration(), sync: SyncConfiguration(), path: "sync", role: "app", publishesGenerated: false
    ).choose(names.map { describedTable($0.0, oid: $0.1) }).tables
  }

  private func publication(_ tables: [(String, UInt32)]) -> PublicationDescription {
    PublicationDescription(
      oid: 9, name: "syncpub", isForAllTables: false, schemas: [], publishesInsert: true, publishesUpdate: true,
      publishesDelete: true, publishesTruncate: true, viaRoot: true, publishesGeneratedColumns: false,
      tables: Dictionary(
        uniqueKeysWithValues: tables.map { name, oid in
          (oid, PublicationDescription.Table(oid: oid, schema: "public", name: name, columns: [], hasRowFilter: false))
        }), isOwned: true)
  }

  @Test func isMadeForExactlyTheChosenTables() {
    #expect(
      keeper.statements(for: chosen([("a", 1), ("b", 2)]), present: nil, serverVersion: 150_000) == [
        #"CREATE PUBLICATION "syncpub" FOR TABLE "public"."a", "public"."b" WITH "#
          + "(publish = 'insert, update, delete, truncate', publish_via_partition_root = true)"
      ])
    let latest = keeper.statements(for: [], present: nil, serverVersion: 180_000)
    #expect(latest.first?.contains("publish_generated_columns = stored") == true)
    #expect(latest.first?.contains("FOR") == false)
  }

  @Test func isBroughtInStep() {
    let statements = keeper.statements(
      for: chosen([("a", 1), ("b", 2)]), present: publication([("b", 2), ("c", 3)]), serverVersion: 150_000)
    #expect(
      statements == [
        #"ALTER PUBLICATION "syncpub" DROP TABLE "public"."c""#, #"ALTER PUBLICATION "syncpub" ADD TABLE "public"."a""#,
      ])
    #expect(
      keeper.statements(for: chosen([("a", 1)]), present: publication([("a", 1)]), serverVersion: 150_000).isEmpty)
  }

  @Test func missingKindsOfChangesAreAdded() {
    var present = publication([("a", 1)])
    present.publishesTruncate = false
    #expect(
      keeper.statements(for: chosen([("a", 1)]), present: present, serverVersion: 150_000).first?
        .contains("SET (publish = 'insert, update, delete, truncate'") == true)
  }
}
