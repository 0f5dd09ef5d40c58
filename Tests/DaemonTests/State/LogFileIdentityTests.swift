// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@testable import Daemon
@testable import MySQL

@Suite struct LogFileIdentityTests {
  private func file(_ name: String, _ created: UInt32 = 1, of server: String = "s") -> LogFileIdentity {
    LogFileIdentity(server: server, file: name, created: created)
  }

  private func place(_ known: LogFileIdentity?) -> LogPlace {
    var place = LogPlace(
      executed: .unknown, position: BinlogFilePosition(file: "binlog.000003", offset: 4), serverUUID: "s")
    place.logFile = known
    return place
  }

  @Test func isCompared() {
    var place = place(nil)
    for (found, isTheSame, isKnownThen) in [
      (file("binlog.000003", 30), true, true),
      (file("binlog.000003", 30), true, true),
      (file("binlog.000004", 40), true, true),
      // Read again from an earlier one; the known one is to be the same when it comes.
      (file("binlog.000003", 31), true, false),
      (file("binlog.000004", 41), false, false),
      (file("binlog.1000000", 50), true, true),
      // Other names begin with one; and so does another server, whose files may be called the same.
      (file("other.000001", 60), true, true),
      (file("other.000001", 61, of: "t"), true, true),
      (file("other.000001", 61, of: "t"), true, true),
      (file("other.000001", 62, of: "t"), false, false),
    ] {
      #expect(place.enter(found) == isTheSame, "\(found)")
      #expect((place.logFile == found) == isKnownThen, "\(found)")
    }
  }

  @Test func isPartOfTheCheckpoint() throws {
    var known = place(file("binlog.000003", .max))
    for place in [known, place(nil)] {
      let checkpoint = Checkpoint(phase: .sync, position: .mysql(place.text), transaction: nil, instance: "i")
      #expect(try Checkpoint(decoding: checkpoint.encoded(updatedAt: .now)) == checkpoint)
    }
    known.logFile?.created = 1
    let text = String(
      decoding: Checkpoint(phase: .sync, position: .mysql(known.text), transaction: nil, instance: "i")
        .encoded(updatedAt: .now), as: UTF8.self)
    #expect(text.contains(#""log":{"server":"s","file":"binlog.000003","created":1}"#), "\(text)")
  }

  /// The members of a MariaDB cluster may have one server_id.
  @Test func owners() {
    #expect(serverFacts("9.7.4", ["server_uuid": "u", "hostname": "a", "port": "3306"]).logOwner == "u")
    let first = serverFacts("11.8.9-MariaDB", ["server_uuid": "", "hostname": "a", "port": "3306"])
    let second = serverFacts("11.8.9-MariaDB", ["server_uuid": "", "hostname": "b", "port": "3306"])
    var settings = MySQLConfiguration()
    #expect(settings.fileOwner(first) == first.logOwner && !first.isOwner(settings.fileOwner(second)))
    settings.gtid = .off
    #expect(settings.fileOwner(first) == "1" && second.isOwner(settings.fileOwner(first)))
    #expect(first.logOwner == "1@a:3306")
    #expect(second.logOwner != first.logOwner)
  }
}
