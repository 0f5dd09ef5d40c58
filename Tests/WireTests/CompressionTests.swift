// SPDX-License-Identifier: Apache-2.0
import Support
import Testing
import Wire

@Suite("Unpacking")
struct CompressionTests {
  private static let plain = Array(String(repeating: "compress me, ", count: 40).utf8)
  /// The same by zlib.
  private static let deflated: [UInt8] = [
    120, 156, 75, 206, 207, 45, 40, 74, 45, 46, 86, 200, 77, 213, 81, 72, 30, 229, 140, 84, 14, 0, 117, 178,
    186, 145,
  ]
  /// The same by zstd.
  private static let zstd: [UInt8] = [
    40, 181, 47, 253, 0, 88, 165, 0, 0, 104, 99, 111, 109, 112, 114, 101, 115, 115, 32, 109, 101, 44, 32, 1, 0,
    248, 160, 206, 47,
  ]

  private enum Format: CaseIterable {
    case zlib, zstd

    var packed: [UInt8] { self == .zlib ? deflated : CompressionTests.zstd }

    func unpack(_ packed: [UInt8], count: Int, into output: ReceiveBuffer) throws(CompressionError) {
      switch self {
      case .zlib: try Inflate.unpack(packed.span.bytes, count: count, into: output)
      case .zstd: try Zstd.unpack(packed.span.bytes, count: count, into: output)
      }
    }
  }

  @Test("what is packed comes out, behind what is there already")
  func whole() throws {
    for format in Format.allCases {
      let output = ReceiveBuffer()
      let before: [UInt8] = [1, 2, 3]
      output.append(before.span.bytes)
      try format.unpack(format.packed, count: Self.plain.count, into: output)
      #expect(output.unread.array == [1, 2, 3] + Self.plain)
    }
  }

  @Test("a count that is wrong, bytes that are missing or left over, and nonsense are errors")
  func bad() {
    for format in Format.allCases {
      for count in [0, 1, Self.plain.count - 1, Self.plain.count + 1, 1 << 24] {
        #expect(throws: CompressionError.self) { try format.unpack(format.packed, count: count, into: ReceiveBuffer()) }
      }
      for size in 0..<format.packed.count {
        #expect(throws: CompressionError.self) {
          try format.unpack(Array(format.packed.prefix(size)), count: Self.plain.count, into: ReceiveBuffer())
        }
      }
      #expect(throws: CompressionError.self) {
        try format.unpack(format.packed + [0], count: Self.plain.count, into: ReceiveBuffer())
      }
      #expect(throws: CompressionError.self) {
        try format.unpack([UInt8](repeating: 0x55, count: 40), count: 40, into: ReceiveBuffer())
      }
    }
  }

  @Test("a stream gives no more than it is asked for, and takes its input in any pieces", arguments: DripFeed.all)
  func stream(feed: DripFeed) throws {
    let stream = try ZstdStream()
    let output = ReceiveBuffer()
    var plain: [UInt8] = []
    var isEnd = false
    for piece in feed.pieces(of: Self.zstd) {
      var rest = piece
      while true {
        let step = try stream.unpack(rest.span.bytes, room: 100, into: output)
        #expect(step.given <= 100)
        plain += output.unread.array
        output.consume(output.count)
        rest = rest.dropFirst(step.taken)
        isEnd = step.isEnd
        if step.given == 0 { break }
        if isEnd { break }
      }
    }
    #expect(isEnd && plain == Self.plain)
  }

  @Test("after an error, or in the middle, a stream can begin another frame")
  func reset() throws {
    let stream = try ZstdStream()
    let output = ReceiveBuffer()
    let nonsense = [UInt8](repeating: 0x55, count: 40)
    let beginning = Array(Self.zstd.prefix(10))
    #expect(throws: CompressionError.self) {
      try stream.unpack(nonsense.span.bytes, room: 100, into: output)
    }
    _ = try stream.unpack(beginning.span.bytes, room: 100, into: output)
    let zstd = Self.zstd
    try stream.unpackWhole(zstd.span.bytes, count: Self.plain.count, into: output)
  }

  @Test("a frame that wants a larger window than it may have is refused")
  func window() throws {
    // Magic number, a head without content size, window descriptor: 2^(10 + 16) bytes, an empty last block.
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x80, 0x01, 0x00, 0x00]
    let output = ReceiveBuffer()
    _ = try ZstdStream(windowBytesMax: 64 << 20).unpack(frame.span.bytes, room: 10, into: output)
    #expect(throws: CompressionError.self) {
      _ = try ZstdStream(windowBytesMax: 32 << 20).unpack(frame.span.bytes, room: 10, into: output)
    }
  }
}
