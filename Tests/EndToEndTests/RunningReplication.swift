// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

/// Makes tables and starts a daemon, which has then dumped them.
func running(
  on server: String = "pg-15", changes: [String: [String: String]] = [:], _ tables: String
) throws -> (Replication, SyncdProcess) {
  let replication = try Replication(postgres: .shared(server))
  try replication.database.psql(tables)
  let syncd = try replication.start(changes)
  try expectEqual(replication, syncd)
  return (replication, syncd)
}

/// Every row is compared with every key, within a minute.
func expectEqual(
  _ replication: Replication, _ syncd: SyncdProcess, location: SourceLocation = #_sourceLocation
) throws {
  let differences = try replication.differences(within: .seconds(60))
  #expect(differences.isEmpty, "\(differences)\n\(syncd.log.suffix(2500))", sourceLocation: location)
}
