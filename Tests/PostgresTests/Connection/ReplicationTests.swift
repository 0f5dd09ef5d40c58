// SPDX-License-Identifier: Apache-2.0
import Foundation
import Postgres
import Support
import Testing
import Wire

@Suite("Replication with real servers")
struct ReplicationTests {
  @Test("a slot with its snapshot, the changes behind it, an orderly end, and the slot gone", arguments: serverNames)
  func stream(server: String) throws {
    let database = try TestPostgres.shared(server).createDatabase()
    try database.psql(
      """
      CREATE TABLE t (id int PRIMARY KEY, v text);
      INSERT INTO t VALUES (1, 'before');
      CREATE PUBLICATION "Pub ü" FOR TABLE t
      """)
    let loop = try PollLoop()
    let walsender = try database.open(replication: true, loop: loop)
    let sql = try database.open(loop: loop)
    let slotName = "slot_\(database.name)"

    let identity = try walsender.identifySystem(deadline: .soon)
    let facts = try sql.serverFacts(deadline: .soon)
    #expect(identity.systemIdentifier == facts.systemIdentifier)
    #expect(identity.timeline == facts.timeline)
    #expect(identity.database == database.name)
    #expect(try walsender.show("wal_level", deadline: .soon) == "logical")

    let created = try walsender.createReplicationSlot(
      CreateReplicationSlot(slot: slotName, isFailover: true), deadline: .soon)
    let snapshot = try #require(created.snapshotName)
    try database.psql("INSERT INTO t VALUES (2, 'after')")
    try sql.query(
      "BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT \(SQLLiteral(snapshot))", deadline: .soon)
    #expect(try sql.query("SELECT v FROM t", deadline: .soon).rows == [["before"]])
    try sql.query("COMMIT", deadline: .soon)
    let slot = try #require(try sql.slot(slotName, deadline: .soon))
    #expect(slot.confirmedFlushLSN == created.consistentPoint)
    #expect(slot.plugin == "pgoutput" && slot.database == database.name && slot.activePID == nil && !slot.isLost)
    #expect(slot.isFailover == (sql.serverVersion >= 170_000))

    try walsender.startReplication(
      StartReplication(slot: slotName, from: created.consistentPoint, publications: ["Pub ü"]), deadline: .soon)
    try database.psql("UPDATE t SET id = 3 WHERE id = 1; DELETE FROM t WHERE id = 2; TRUNCATE t")
    var sink = RecordingSink()
    try drain(walsender, into: &sink, until: { $0.lines.last == "commit" && $0.lines.contains("truncate 1") })
    // A live walsender repeats a Relation after any invalidation.
    let first = sink.lines.firstIndex { $0.hasPrefix("relation") }
    #expect(
      sink.lines.enumerated().filter { !$0.element.hasPrefix("relation") || $0.offset == first }.map(\.element) == [
        "begin", "relation t id,v", "insert 2|after", "commit", "begin", "update key 1|null to 3|before", "commit",
        "begin", "delete key 2|null", "commit", "begin", "truncate 1", "commit",
      ])

    let end = sink.endLSN
    walsender.sendStandbyStatus(written: end, flushed: end, applied: end, replyRequested: true)
    let keepalives = sink.keepalives
    try drain(walsender, into: &sink, until: { $0.keepalives > keepalives })
    #expect(try sql.slot(slotName, deadline: .soon)?.confirmedFlushLSN == end)
    #expect(try sql.slot(slotName, deadline: .soon)?.activePID == walsender.serverProcessID)

    try walsender.endReplication(deadline: .soon)
    #expect(try walsender.query("SELECT 1", deadline: .soon).scalar == "1")
    try walsender.dropReplicationSlot(slotName, wait: true, deadline: .soon)
    #expect(try sql.slot(slotName, deadline: .soon) == nil)
  }

  private func drain(
    _ connection: PostgresConnection, into sink: inout RecordingSink, until done: (RecordingSink) -> Bool
  ) throws {
    let deadline = Deadline.soon
    while !done(sink) {
      try #require(!deadline.isPast, "\(sink.lines)")
      guard try connection.drainReplication(into: &sink) == .needsInput else { continue }
      if !done(sink) { try connection.loop.turn(until: deadline) }
    }
  }

  @Test("a stream that pauses goes on where it stopped")
  func pause() throws {
    let database = try TestPostgres.shared().createDatabase()
    try database.psql("CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t")
    let walsender = try database.open(replication: true)
    let slot = "slot_\(database.name)"
    let created = try walsender.createReplicationSlot(
      CreateReplicationSlot(slot: slot, snapshot: .none, isTemporary: true), deadline: .soon)
    #expect(created.snapshotName == nil)
    try database.psql("INSERT INTO t SELECT generate_series(1, 1000)")
    try walsender.startReplication(
      StartReplication(slot: slot, from: .zero, publications: ["p"]), deadline: .soon)
    var sink = RecordingSink()
    sink.pauseAfter = 1
    while sink.lines.count < 1003 {
      switch try walsender.drainReplication(into: &sink) {
      case .paused: sink.pauseAfter = sink.lines.count + 1
      case .needsInput: try walsender.loop.turn(until: .soon)
      case .finished: Issue.record("finished")
      }
    }
    #expect(sink.lines[2] == "insert 1" && sink.lines[1001] == "insert 1000" && sink.lines[1002] == "commit")
  }

  @Test("errors of the commands are the server's, and the connection goes on")
  func commandErrors() throws {
    let database = try TestPostgres.shared().createDatabase()
    let walsender = try database.open(replication: true)
    let missing = try #require(throws: PostgresError.self) {
      try walsender.dropReplicationSlot("nosuch", deadline: .soon)
    }
    #expect(missing.sqlState == "42704")
    let start = try #require(throws: PostgresError.self) {
      try walsender.startReplication(
        StartReplication(slot: "nosuch", from: .zero, publications: ["p"]), deadline: .soon)
    }
    #expect(start.sqlState == "42704")
    #expect(try walsender.readReplicationSlot("nosuch", deadline: .soon) == nil)
    #expect(try walsender.query("SELECT 1", deadline: .soon).scalar == "1")
  }

  @Test("S05 a fast shutdown ends the stream promptly and in order")
  func shutdown() throws {
    let postgres = try TestPostgres("pg-15")
    let database = try postgres.createDatabase()
    try database.psql("CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t")
    let walsender = try database.open(replication: true)
    let created = try walsender.createReplicationSlot(CreateReplicationSlot(slot: "s"), deadline: .soon)
    try walsender.startReplication(
      StartReplication(slot: "s", from: created.consistentPoint, publications: ["p"]), deadline: .soon)
    let server = postgres.server
    let stopping = Thread { try? server.stop() }
    stopping.start()
    var sink = RecordingSink()
    let deadline = Deadline.soon
    var end: DrainResult?
    while end == nil, !deadline.isPast {
      let answered = sink.keepalives
      let result = try walsender.drainReplication(into: &sink)
      if case .finished = result { end = result }
      // The server stays until we have confirmed all that it has sent.
      if sink.keepalives > answered {
        walsender.sendStandbyStatus(written: sink.walEnd, flushed: sink.walEnd, applied: sink.walEnd)
      }
      if end == nil { try walsender.loop.turn(until: .after(.milliseconds(100))) }
    }
    #expect(end == .finished(commandTag: "COPY 0"))
    while !stopping.isFinished, !deadline.isPast { Thread.sleep(forTimeInterval: 0.05) }
    #expect(stopping.isFinished)
  }
}
