// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite struct ByteReaderTests {
  @Test func readsIntegersInBothByteOrders() throws {
    let bytes: [UInt8] = [1, 2, 3, 4, 1, 2, 3, 4]
    var reader = ByteReader(bytes.span.bytes)
    #expect(try reader.bigEndian(UInt32.self) == 0x0102_0304)
    #expect(try reader.littleEndian(UInt32.self) == 0x0403_0201)
    try reader.end("test")
  }

  @Test(arguments: [0, 127, 128, 300, 1 << 35, UInt64.max])
  func varintComesBack(_ value: UInt64) throws {
    var writer = ByteWriter()
    writer.append(varint: value)
    var reader = ByteReader(writer.bytes)
    #expect(try reader.varint() == value)
  }

  @Test func shortReadsThrow() {
    let bytes: [UInt8] = [1, 2, 3]
    #expect(throws: WireError(.short(needed: 4, available: 3), offset: 0)) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.bigEndian(UInt32.self)
    }
    #expect(throws: WireError(.short(needed: Int(Int32.max), available: 3), offset: 0)) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.bytes(Int(Int32.max))
    }
    #expect(throws: WireError.self) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.bytes(-1)
    }
  }

  @Test func overlongVarintThrows() {
    let bytes = [UInt8](repeating: 0xFF, count: 11)
    #expect(throws: WireError.self) {
      var reader = ByteReader(bytes.span.bytes)
      _ = try reader.varint()
    }
  }
}
