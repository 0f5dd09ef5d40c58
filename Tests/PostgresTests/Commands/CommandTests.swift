// SPDX-License-Identifier: Apache-2.0
import Postgres
import Testing

@Suite("Replication commands and quoting")
struct CommandTests {
  @Test("names and strings are quoted")
  func quoting() {
    #expect("\(SQLIdentifier("we\"ird", "näme"))" == "\"we\"\"ird\".\"näme\"")
    #expect("\(SQLLiteral("it's"))" == "'it''s'")
    #expect("\(SQLLiteral("a\\'b"))" == " E'a\\\\''b'")
  }

  @Test("CREATE_REPLICATION_SLOT before and after 15")
  func create() {
    var command = CreateReplicationSlot(slot: "s", isTwoPhase: true, isFailover: true)
    let head = "CREATE_REPLICATION_SLOT \"s\" LOGICAL \"pgoutput\""
    #expect(command.text(serverVersion: 130_016) == head + " EXPORT_SNAPSHOT")
    #expect(command.text(serverVersion: 140_000) == head + " EXPORT_SNAPSHOT TWO_PHASE")
    #expect(command.text(serverVersion: 150_000) == head + " (SNAPSHOT 'export', TWO_PHASE)")
    #expect(command.text(serverVersion: 170_000) == head + " (SNAPSHOT 'export', TWO_PHASE, FAILOVER)")
    command = CreateReplicationSlot(slot: "s", snapshot: .use, isTemporary: true)
    let temporary = "CREATE_REPLICATION_SLOT \"s\" TEMPORARY LOGICAL \"pgoutput\""
    #expect(command.text(serverVersion: 140_000) == temporary + " USE_SNAPSHOT")
    #expect(command.text(serverVersion: 180_000) == temporary + " (SNAPSHOT 'use')")
    command.snapshot = .none
    #expect(command.text(serverVersion: 130_000) == temporary + " NOEXPORT_SNAPSHOT")
    #expect(command.text(serverVersion: 150_000) == temporary + " (SNAPSHOT 'nothing')")
  }

  @Test("START_REPLICATION quotes what it is given")
  func start() {
    let command = StartReplication(
      slot: "s", from: LSN(0x16_B374_D848), publications: ["p", "it's \"x\""], protocolVersion: 2,
      further: [("streaming", "on")])
    #expect(
      command.text == "START_REPLICATION SLOT \"s\" LOGICAL 16/B374D848 (\"proto_version\" '2', "
        + "\"publication_names\" '\"p\",\"it''s \"\"x\"\"\"', \"streaming\" 'on')")
    #expect(StartReplication(slot: "s", from: .zero, options: []).text == "START_REPLICATION SLOT \"s\" LOGICAL 0/0")
  }

  @Test(
    "server versions as numbers",
    arguments: [
      ("15.18 (Debian 15.18-0+deb12u1)", 150_018), ("18beta1", 180_000), ("9.6.24", 90_624), ("13.0", 130_000), ("", 0),
      ("x", 0), ("999999999999999999.1", 0), ("15.99999", 0), ("9.4.99999", 0),
    ])
  func version(text: String, number: Int) {
    #expect(ServerVersion.number(text) == number)
  }
}
