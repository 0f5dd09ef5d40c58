// SPDX-License-Identifier: Apache-2.0
import Postgres
import Testing
import Wire

@testable import Daemon

@Suite struct CheckpointTests {
  private var checkpoint: Checkpoint {
    Checkpoint(
      phase: .sync, lsn: LSN(0x16_B374_D848), timeline: 3, systemIdentifier: "7711065066753701641",
      transaction: PartialTransaction(lsn: LSN(0x17_0000_0000), applied: 4711), instance: "a844cf233046fbfa",
      slot: "sync_service")
  }

  @Test func comesBack() throws {
    #expect(try Checkpoint(decoding: checkpoint.encoded(updatedAt: .now)) == checkpoint)
    var whole = checkpoint
    whole.transaction = nil
    whole.phase = .dump
    #expect(try Checkpoint(decoding: whole.encoded(updatedAt: .now)) == whole)
  }

  /// Contract, section 6.
  @Test func hasTheMembersThatAreTold() {
    let text = String(decoding: checkpoint.encoded(updatedAt: WallTime(microsecondsSinceEpoch: 0)), as: UTF8.self)
    #expect(
      text == """
        {"format":1,"source":"postgresql","phase":"sync","position":{"lsn":"16/B374D848","timeline":3,\
        "system_identifier":"7711065066753701641"},"transaction":{"lsn":"17/0","applied":4711},\
        "slot":"sync_service","instance":"a844cf233046fbfa","updated_at":"1970-01-01T00:00:00.000000Z"}
        """)
  }

  @Test func anythingElseIsRefused() {
    let whole = checkpoint.encoded(updatedAt: .now)
    for length in 0..<whole.count {
      #expect(throws: WireError.self) { try Checkpoint(decoding: Array(whole[..<length])) }
    }
    for text in ["{}", "[]", "null", "{\"format\":2}", String(repeating: "[", count: 10_000)] {
      #expect(throws: WireError.self) { try Checkpoint(decoding: Array(text.utf8)) }
    }
  }
}

@Suite struct StateKeysTests {
  @Test func namesCannotLeaveTheirFolder() {
    let keys = StateKeys(statePath: "_sync", name: "default", rowsPrefix: RowsPrefix("/sync/"))
    #expect(keys.checkpoint == Array("/_sync/default/checkpoint".utf8))
    #expect(keys.owner == Array("/_sync/owner/sync".utf8))
    #expect(keys.table(schema: "a/b", name: "c%\n") == Array("/_sync/default/tables/a%2Fb/c%25%0A".utf8))
    #expect(keys.table(schema: "p", name: "näme") == Array("/_sync/default/tables/p/näme".utf8))
  }
}

@Suite struct JSONObjectTests {
  @Test func stringsComeBack() throws {
    let text = "a\"b\\c\n\u{1}\u{1F}ü€😀/"
    let bytes = JSONObject.encoded([
      ("k", .string(text)), ("n", .number(-12)), ("list", .array([.null, .boolean(true)])),
    ])
    let object = try JSONObject(decoding: bytes)
    #expect(object["k"]?.text == text)
    #expect(object["n"]?.integer == -12)
    #expect(object["list"]?.array == [.null, .boolean(true)])
    #expect(object["missing"] == nil)
  }
}
