// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Testing
import Wire

/// Recorded log files of MySQL and MariaDB, held to texts that were reviewed (Fixtures/binlog).
@Suite("Recorded binary logs")
struct BinlogGoldenTests {
  static let files = ["binlog"].flatMap { folder in
    ((try? Fixture.names(in: folder, suffix: "")) ?? []).filter {
      $0.contains(".binlog.") && !$0.hasSuffix(".golden.txt")
    }
  }

  @Test("there are files")
  func present() {
    #expect(Self.files.count >= 10)
  }

  @Test("they read as the golden text", arguments: files)
  func golden(name: String) throws {
    let file = try BinlogFile(fixture: name)
    let decoder = BinlogDecoder(checksumAsked: .crc32, file: file.name)
    var sink = BinlogText()
    for event in file.events {
      #expect(decoder.position.offset == UInt64(event.offset))
      let flow = try decoder.deliver(event.bytes.span.bytes, into: &sink)
      #expect(flow == .more)
    }
    let text = sink.lines.joined(separator: "\n") + "\n"
    if let difference = try Fixture.difference(text, fromGolden: name.replacing(".zst", with: "") + ".golden.txt") {
      Issue.record("\(difference)")
    }
  }
}
