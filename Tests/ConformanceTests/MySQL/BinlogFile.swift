// SPDX-License-Identifier: Apache-2.0
import MySQL
import Support
import Wire

/// The events of a log file, cut by their headers.
struct BinlogFile {
  struct Event {
    let offset: Int
    let bytes: [UInt8]
  }

  let name: String
  private(set) var events: [Event] = []

  /// `fixture` is named like `mysql/NAME.binlog.000002`, with `.zst` if it is packed.
  init(fixture: String) throws {
    var bytes = try Fixture.bytes(fixture)
    if fixture.hasSuffix(".zst") { bytes = try Self.unpack(bytes) }
    let parts = fixture.replacing(".zst", with: "").split(separator: ".")
    name = parts.suffix(2).joined(separator: ".")
    guard bytes.starts(with: BinlogDecoder.fileMagic) else { throw WireError(.badValue("no log file"), offset: 0) }
    var at = BinlogDecoder.fileMagic.count
    while at < bytes.count {
      let header = try EventHeader(decoding: bytes.span.bytes.extracting(at..<bytes.count))
      let end = at + Int(header.size)
      guard end <= bytes.count, end > at else { throw WireError(.badLength(Int(header.size)), offset: at) }
      events.append(Event(offset: at, bytes: Array(bytes[at..<end])))
      at = end
    }
  }

  /// All frames of a .zst file, whatever their window.
  static func unpack(_ packed: [UInt8]) throws -> [UInt8] {
    let stream = try ZstdStream(windowBytesMax: 1 << 27)
    let output = ReceiveBuffer()
    var taken = 0
    while true {
      let step = try stream.unpack(packed.span.bytes.extracting(taken..<packed.count), room: 1 << 20, into: output)
      taken += step.taken
      if step.taken == 0, step.given == 0 { break }
    }
    return output.unread.array
  }
}
