// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@testable import Etcd

/// Each kind of frame: as drawn in the RFC, there and back, and cut at every byte.
@Suite struct HTTP2FrameTests {
  static let frames: [(String, String)] = [
    ("DATA", "000003 00 01 00000001 010203"), ("DATA padded", "000006 00 09 00000001 02 010203 0000"),
    ("HEADERS", "000001 01 05 00000001 88"),
    ("HEADERS with all", "000009 01 2d 00000001 01 80000007 ff 8882 00"),
    ("PRIORITY", "000005 02 00 00000003 00000001 10"), ("RST_STREAM", "000004 03 00 00000001 00000008"),
    ("RST_STREAM of another code", "000004 03 00 00000001 deadbeef"),
    ("SETTINGS", "000012 04 00 00000000 0003ffffffff 0004 00100000 fe03 00000001"),
    ("SETTINGS ack", "000000 04 01 00000000"),
    ("PUSH_PROMISE", "000007 05 0c 00000001 01 00000002 88 00"),
    ("PING", "000008 06 00 00000000 02041010090e0707"), ("PING ack", "000008 06 01 00000000 0000000000000001"),
    ("GOAWAY", "00000c 07 00 00000000 00000001 0000000b 63616c6d"),
    ("WINDOW_UPDATE", "000004 08 00 00000001 7fffffff"), ("CONTINUATION", "000002 09 04 00000001 8882"),
    ("unknown", "000002 f0 ff 00000009 0102"),
  ]

  private func encodedAgain(_ bytes: [UInt8]) throws -> [UInt8] {
    var reader = ByteReader(bytes.span.bytes)
    let header = try FrameHeader(from: &reader)
    let frame = try HTTP2Frame(header: header, payload: try reader.bytes(header.length))
    try reader.end("frame")
    var writer = ByteWriter()
    frame.encode(to: &writer)
    return writer.bytes.array
  }

  @Test(arguments: frames.indices) func thereAndBack(_ index: Int) throws {
    let (name, hex) = Self.frames[index]
    #expect(try encodedAgain(bytes(hex: hex)) == bytes(hex: hex), "\(name)")
  }

  /// A payload that ends early with a header that says so: an error, or a shorter frame of the same kind.
  @Test(arguments: frames.indices) func cutAnywhere(_ index: Int) throws {
    let whole = bytes(hex: Self.frames[index].1)
    for end in 0..<whole.count {
      #expect(throws: WireError.self) { try encodedAgain(Array(whole[..<end])) }
      guard end >= FrameHeader.size else { continue }
      var shorter = Array(whole[..<end])
      shorter[2] = UInt8(end - FrameHeader.size)
      // What is cut into the padding becomes padding, which is written as zeros.
      if let again = try? encodedAgain(shorter) { #expect(again.count == end, "\(Self.frames[index].0) at \(end)") }
    }
  }

  /// "R: A reserved 1-bit field … MUST be ignored when receiving."
  @Test func reservedBitsAreIgnored() throws {
    let frame = bytes(hex: "000004 08 00 80000001 80000005")
    #expect(try encodedAgain(frame) == bytes(hex: "000004 08 00 00000001 00000005"))
  }
}

@Suite struct FlowWindowTests {
  @Test func bounds() throws {
    var window = FlowWindow(10)
    window.take(10)
    try window.grow(by: -50)
    #expect(window.available == -50 && window.allowance == 0)
    try window.grow(by: FlowWindow.max + 50)
    #expect(window.available == FlowWindow.max)
    #expect(throws: WireError.self) { try window.grow(by: 1) }
    #expect(window.available == FlowWindow.max)
  }
}
