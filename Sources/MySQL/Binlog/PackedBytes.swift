// SPDX-License-Identifier: Apache-2.0
//
//   head                                       size                       zlib stream
//   UInt8: 0x80 | algorithm × 16 | size bytes  1 to 4 bytes, big-endian   to the end
internal import Wire

/// MariaDB's compression of statements and rows (`log_bin_compress`).
final class PackedBytes {
  private let inflate: Inflate
  private let output = ReceiveBuffer()

  init() throws(CompressionError) { inflate = try Inflate() }

  /// What the last call of `unpack` found. Not inlined: the compiler (6.3) does not survive the two lifetimes.
  var unpacked: RawSpan {
    @inline(never)
    @_lifetime(borrow self)
    get {
      let buffer = output
      let span = buffer.unread
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Memory grows with what is really there, up to `limit`; the size that is claimed must be right.
  func unpack(_ packed: RawSpan, _ header: EventHeader, limit: Int) throws(BinlogError) {
    output.consume(output.count)
    var reader = ByteReader(packed)
    var size = 0
    do throws(WireError) {
      let head = try reader.byte()
      guard head >> 4 & 7 == 0 else { throw WireError(.badValue("unknown compression"), offset: 0) }
      let width = Int(head & 7)
      guard (1...4).contains(width) else { throw WireError(.badLength(width), offset: 0) }
      for _ in 0..<width { size = size << 8 | Int(try reader.byte()) }
    } catch {
      throw BinlogError(.packed("\(error)"), header)
    }
    guard size <= limit else { throw BinlogError(.tooLarge(UInt64(size), limit: limit), header) }
    do throws(CompressionError) {
      try inflate.unpackWhole(reader.rest(), count: size, into: output)
    } catch {
      throw BinlogError(.packed("\(error)"), header)
    }
  }
}

extension EventType {
  /// MariaDB's compressed events.
  var isPacked: Bool { (Self.queryCompressed.rawValue...Self.deleteRowsCompressed.rawValue).contains(rawValue) }
}
