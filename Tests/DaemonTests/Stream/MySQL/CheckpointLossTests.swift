// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Daemon
@testable import MySQL

/// S20: whether the server's log still has what comes after the checkpoint.
@Suite struct CheckpointLossTests {
  private static let uuid = "41b2013d-e911-11f1-92e5-02fc00000001"

  private func checkpoint(gtid: String?, uuid: String = "u") -> Checkpoint {
    Checkpoint(
      phase: .sync, position: .mysql(MySQLPosition(gtid: gtid, file: "binlog.000002", offset: 100, serverUUID: uuid)),
      transaction: nil, instance: "i")
  }

  private func reason(_ gtid: String, executed: String, purged: String) -> String? {
    let facts = serverFacts("9.7.4", ["gtid_executed": executed, "gtid_purged": purged])
    return checkpoint(gtid: gtid).reasonOfLoss(facts, LogExtent(), usesGTIDs: true)
  }

  @Test func byGTIDs() {
    let uuid = Self.uuid
    #expect(reason("\(uuid):1-20", executed: "\(uuid):1-38", purged: "\(uuid):1-20") == nil)
    #expect(
      reason("\(uuid):1-20", executed: "\(uuid):1-38", purged: "\(uuid):1-25")
        == "the server has purged transactions that we have not seen: \(uuid):21-25")
    #expect(
      reason("\(uuid):1-40", executed: "\(uuid):1-38", purged: "")
        == "the server does not know transactions that we have applied: \(uuid):39-40")
    // Of another flavor.
    #expect(
      checkpoint(gtid: "0-1-7").reasonOfLoss(serverFacts(), LogExtent(), usesGTIDs: true)?.contains("kind") == true)
  }

  @Test func byGTIDsOfMariaDB() {
    func reason(
      _ gtid: String, from start: String?, to end: String, state: String = "", isStrict: Bool = true
    ) -> String? {
      let facts = serverFacts(
        "11.8.9-MariaDB",
        ["gtid_binlog_pos": end, "gtid_binlog_state": state, "gtid_strict_mode": isStrict ? "ON" : "OFF"])
      let log = LogExtent(files: [], start: start.flatMap { MariaDBGTIDPosition($0) })
      return checkpoint(gtid: gtid).reasonOfLoss(facts, log, usesGTIDs: true)
    }
    #expect(reason("0-1-7", from: "", to: "0-1-9") == nil)
    #expect(reason("0-1-7", from: "0-1-7", to: "0-1-9") == nil)
    #expect(reason("0-1-7", from: nil, to: "0-1-9") == nil)
    #expect(
      reason("0-1-7", from: "0-1-8", to: "0-1-9")
        == "the server has purged transactions that we have not seen: up to 0-1-8")
    // A domain that began after the checkpoint, in a file that is gone, or in one that is there.
    #expect(reason("0-1-7", from: "0-1-7,3-1-2", to: "0-1-9,3-1-2")?.contains("up to 3-1-2") == true)
    #expect(reason("0-1-7", from: "0-1-7", to: "0-1-9,3-1-2") == nil)
    #expect(
      reason("0-1-7", from: "", to: "0-1-6") == "the server does not know transactions that we have applied: 0-1-7")
    #expect(reason("0-1-7", from: "", to: "")?.contains("does not know") == true)
    // Of several servers' numbers the last may be the lowest.
    #expect(reason("0-3-7", from: "", to: "0-1-2", state: "0-3-7,0-1-2", isStrict: false) == nil)
    #expect(reason("0-3-7", from: "", to: "0-1-2", state: "0-3-6,0-1-9", isStrict: false)?.contains("0-3-7") == true)
    // Another server's numbers.
    #expect(reason("0-1-7", from: "0-2-8", to: "0-2-9")?.contains("up to 0-2-8") == true)
    #expect(reason("0-1-7", from: "0-2-8", to: "0-2-9", isStrict: false) == nil)
  }

  /// A log that ends before the file that was followed was reset. Other names and servers say nothing.
  @Test func byTheFileThatWasFollowed() throws {
    let uuid = Self.uuid
    let facts = serverFacts("9.7.4", ["server_uuid": uuid, "gtid_executed": "\(uuid):1-38", "gtid_purged": ""])
    var position = MySQLPosition(gtid: "\(uuid):1-20", file: "binlog.000007", offset: 100, serverUUID: uuid)
    func reason(_ newest: String, _ server: String = uuid) throws -> String? {
      position.logFile = LogFileIdentity(server: server, file: "binlog.000007", created: 1)
      let checkpoint = Checkpoint(phase: .sync, position: .mysql(position), transaction: nil, instance: "i")
      let files = ["binlog.000001", newest].compactMap { BinaryLogFile(row: [$0, "100", "No"]) }
      return checkpoint.reasonOfLoss(facts, LogExtent(files: files), usesGTIDs: true)
    }
    #expect(
      try reason("binlog.000006")
        == "the server's log was reset: it ends with binlog.000006, and binlog.000007 was followed")
    for newest in ["binlog.000007", "binlog.000008", "binlog.1000000", "other.000001", "binlog"] {
      #expect(try reason(newest) == nil, "\(newest)")
    }
    #expect(try reason("binlog.000006", "another") == nil)
  }

  @Test func byFileAndOffset() throws {
    let facts = serverFacts("9.7.4", ["gtid_mode": "OFF"])
    func reason(_ file: String, _ size: String, uuid: String = "u") throws -> String? {
      let log = LogExtent(files: [try #require(BinaryLogFile(row: [file, size, "No"]))])
      return checkpoint(gtid: nil, uuid: uuid).reasonOfLoss(facts, log, usesGTIDs: false)
    }
    #expect(try reason("binlog.000002", "100") == nil)
    #expect(try reason("binlog.000002", "99") == "binlog.000002 ends before 100")
    #expect(try reason("binlog.000003", "900") == "the server has purged binlog.000002")
    #expect(try reason("binlog.000002", "100", uuid: "v")?.contains("another server") == true)
  }
}
